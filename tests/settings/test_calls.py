"""What settings hand to functions of libraries."""

from __future__ import annotations

import pytest
from evaluating import evaluated, written

from hardango.settings.environment import Environment
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Call, Settings, Unknown

HEADER = "import os, sentry_sdk\nDSN = os.environ.get('DSN')\n"


def calls(source: str, name: str = "sentry_sdk.init") -> list[Call]:
    return list(evaluated(HEADER + source).calls(name))


@pytest.mark.parametrize(
    "source",
    [
        "sentry_sdk.init('a', pii=True)",
        "from sentry_sdk import init\ninit('a', **{'pii': True})",
        "import sentry_sdk as other\ndef setup(): other.init('a', pii=True)\nsetup()",
        "OPTIONS = dict(pii=True)\nsentry_sdk.init(*['a'], **OPTIONS)",
    ],
)
def test_arguments(source: str) -> None:
    (found,) = calls(source)
    assert (found.arguments, found.keywords) == (("a",), {"pii": True})
    assert found.condition.certain and found.chain[-1].file == "settings.py"


def test_under_a_condition() -> None:
    (found,) = calls("if DSN:\n    sentry_sdk.init(dsn=DSN, rate=0.1)\n")
    assert found.condition.describe() == ("DSN is not empty",)
    assert isinstance(found.keywords["dsn"], Unknown) and found.keywords["rate"] == 0.1


def test_arguments_that_differ_are_calls_of_their_own() -> None:
    found = calls("sentry_sdk.init(pii=True if DSN is None else False)")
    assert {each.keywords["pii"]: each.condition.describe() for each in found} == {
        True: ("DSN is unset",), False: ("DSN is set",),
    }  # fmt: skip


def test_what_is_never_called_or_is_another_function() -> None:
    assert calls("") == []
    assert calls("if False:\n    sentry_sdk.init()\n") == []
    assert calls("sentry_sdk.set_tag('a', 'b')") == []
    assert calls("def init(): pass\ninit()") == []


def test_what_a_library_spreads_is_not_known() -> None:
    (found,) = calls("import other\nsentry_sdk.init(dsn='a', **other.options())")
    assert any(isinstance(each, Unknown) for each in found.keywords.values())


def test_many_calls_are_bounded() -> None:
    assert len(calls("for n in range(50):\n    sentry_sdk.init(n)\n")) <= 8


def test_only_in_the_cases_that_are_looked_at() -> None:
    made = evaluated(HEADER + "if DSN:\n    sentry_sdk.init(dsn=DSN)\n")
    (found,) = made.calls("sentry_sdk.init")
    assert list(made.given(~found.condition).calls("sentry_sdk.init")) == []


def test_settings_of_tests_make_none() -> None:
    assert list(Settings.of({}).calls("sentry_sdk.init")) == []


@pytest.mark.parametrize(
    ("package", "known"),
    [
        ("from .reports import start", True),
        ("from shop.reports import start as begin", True),
        ("from .plain import start", False),
        ("from .broken import start", False),
        ("", False),
    ],
)
def test_what_the_package_around_the_settings_imports_runs_too(package: str, known: bool) -> None:
    files = {
        "shop/__init__.py": package,
        "shop/reports.py": "import sentry_sdk\nsentry_sdk.init(pii=True)\nstart = 1\n",
        "shop/plain.py": "start = 1\n",
        "shop/broken.py": "import sentry_sdk\nraise ValueError\n",
        "shop/settings.py": "DEBUG = False\n",
    }
    with written(files) as root:
        settings = evaluate(
            "shop.settings", root=root, import_roots=(root,), environment=Environment.of({})
        )
        found = list(settings.calls("sentry_sdk.init"))
    assert [each.keywords for each in found] == ([{"pii": True}] if known else [])


CELERY = (
    "from celery import Celery\napp = Celery('shop', broker='redis://x', accept_content=['json'])\n"
)


@pytest.mark.parametrize(
    ("files", "known"),
    [
        (("shop/celery.py",), True),
        (("shop/celery.py", "shop/celery.py"), True),
        ((), False),
        (("shop/gone.py",), False),
        (("celery.py",), False),
        (("shop/broken.py", "../celery.py"), False),
    ],
)
def test_a_module_that_is_started_beside_the_settings_runs_when_asked(
    files: tuple[str, ...], known: bool
) -> None:
    written_ones = {
        "shop/__init__.py": "", "shop/settings.py": "DEBUG = False\n",
        "shop/celery.py": CELERY, "shop/broken.py": f"raise ValueError\n{CELERY}",
    }  # fmt: skip
    with written(written_ones) as root:
        settings = evaluate(
            "shop.settings", root=root, import_roots=(root,), environment=Environment.of({})
        )
        found = list(settings.calls("celery.conf", *files))
    told = {"broker_url": "redis://x", "accept_content": ["json"]}
    assert [each.keywords for each in found] == ([told] if known else [])
