"""What settings import from Django, held against Django itself and for versions of it."""

from __future__ import annotations

import pytest
from tests.settings.evaluating import evaluated, told, written
from tests.settings.libraries.agreeing import both

from hardango.settings.environment import Environment
from hardango.settings.evaluate import evaluate

django = pytest.importorskip("django")

PROGRAMS = {
    "messages": """
from django.contrib import messages
from django.contrib.messages import constants
A = {messages.ERROR: "danger", constants.INFO: "info"}
B = constants.DEFAULT_TAGS
""",
    "text": """
from django.utils.encoding import force_bytes, force_str
from django.utils.html import escape
from django.utils.text import capfirst, slugify
A = slugify("Hällo, Wörld -- 2"), slugify("ü x", allow_unicode=True), capfirst("ab")
B = force_str(b"a"), force_str(1), force_bytes("ü"), escape("<a href='x'>")
""",
    "translation": """
from django.utils.translation import to_locale
A = to_locale("fr-CA"), to_locale("zh-hans"), to_locale("en-us"), to_locale("de")
""",
    "logging": """
from django.utils.log import DEFAULT_LOGGING
A = DEFAULT_LOGGING
""",
    "version": """
import django
A = django.VERSION[:2], django.VERSION >= (5, 2), django.VERSION < (4, 2)
B = django.get_version().startswith("5.2")
""",
    "global settings": """
from django.conf import global_settings
A = global_settings.DEBUG, global_settings.STATICFILES_FINDERS + ["x"], global_settings.USE_TZ
""",
    "exceptions": """
from django.core.exceptions import ImproperlyConfigured
try:
    raise ImproperlyConfigured("no")
except ImproperlyConfigured as problem:
    A = str(problem)
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_model_says_what_django_says(name: str) -> None:
    if django.VERSION[:2] != (5, 2):
        pytest.skip("the model is asked as Django 5.2")
    library, model = both(PROGRAMS[name])
    assert isinstance(library, dict), f"Django raised {library}"
    assert model == library


def value(source: str, version: tuple[int, int]) -> object:
    with written(source) as root:
        found = evaluate(
            "settings",
            root=root,
            import_roots=(root,),
            environment=Environment.of(closed=True),
            django=version,
            strict=True,
        )
    (outcome,) = found["A"]
    return outcome.value


@pytest.mark.parametrize(
    ("name", "removed_in"),
    [
        ("django.utils.translation.ugettext_lazy", (4, 0)),
        ("django.utils.encoding.force_text", (4, 0)),
        ("django.utils.timezone.utc", (5, 0)),
        ("django.core.urlresolvers.reverse_lazy", (2, 0)),
    ],
)
def test_a_name_is_gone_from_the_version_that_removed_it(
    name: str, removed_in: tuple[int, int]
) -> None:
    module, _, attribute = name.rpartition(".")
    source = (
        f"try:\n    from {module} import {attribute}\n    A = 1\nexcept ImportError:\n    A = 2"
    )
    major, minor = removed_in
    assert value(source, removed_in) == 2
    assert value(source, (major, minor - 1) if minor else (major - 1, 2)) == 1


def test_content_security_policy_constants_are_texts() -> None:
    source = "from django.utils.csp import CSP\nA = [CSP.SELF, CSP.NONE, CSP.NONCE]"
    assert value(source, (6, 0)) == ["'self'", "'none'", "<CSP_NONCE_SENTINEL>"]


def test_a_random_key_is_new_at_each_start() -> None:
    found = evaluated(
        "from django.core.management.utils import get_random_secret_key\n"
        "SECRET_KEY = get_random_secret_key()"
    )
    (outcome,) = found["SECRET_KEY"]
    assert outcome.value.fresh and outcome.value.type == "str"  # type: ignore[attr-defined]


def test_the_url_of_a_view_is_a_path() -> None:
    found = evaluated("from django.urls import reverse_lazy\nLOGIN_URL = reverse_lazy('login')")
    (outcome,) = found["LOGIN_URL"]
    assert told(outcome.value) == "unknown: the URL of 'login'"
    assert outcome.value.prefix == "/"  # type: ignore[attr-defined]


def test_settings_that_are_being_read_have_the_names_so_far() -> None:
    source = "from django.conf import settings\nDEBUG = True\nA = [settings.DEBUG, settings.USE_TZ]"
    assert value(source, (5, 2)) == [True, True]
    assert value(source, (4, 2)) == [True, False]
