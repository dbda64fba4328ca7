"""What is ignored, when, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.audit import Request, audit, audit_each
from hardango.configuration.find import find
from hardango.configuration.ignores import matches
from hardango.configuration.model import Rule
from hardango.controls.judge import judge_control
from hardango.controls.model import Control, Judgement, Opinion
from hardango.findings import Finding, Ignored, Place, Report, Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

Write = Callable[[Mapping[str, str]], Path]

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n'
SETTINGS = "from conf.base import *\nDEBUG = True\nALLOWED_HOSTS = ['x.example']\n"
BASE = """SECRET_KEY = 'x' * 60
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
X_FRAME_OPTIONS = 'ALLOWALL'
"""


def audited(root: Path, *only: str, ignores: bool = True) -> Report:
    return audit(Request(str(root), only=only, ignores=ignores, configuration=find(str(root))))


def finding(report: Report, control: str) -> Finding:
    (found,) = [each for each in report.findings if each.control == control]
    return found


def project(write: Write, **files: str) -> Path:
    named = {
        name.replace("__", "/").replace("_toml", ".toml"): text for name, text in files.items()
    }
    return write({
        ".git/HEAD": "", "manage.py": MANAGE, "conf/__init__.py": "", "conf/base.py": BASE,
        "conf/settings.py": SETTINGS,
        **{(f"{name}.py" if name.startswith("conf") else name): text
           for name, text in named.items()},
    })  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "base", "control"),
    [
        # At the end of the deciding line, above it, on another line of the chain.
        (SETTINGS.replace("True", "True  # hardango: ignore[debug] why"), BASE, "debug"),
        ("# hardango: ignore[debug] why\nDEBUG = True\n", BASE, "debug"),
        (SETTINGS, BASE.replace("'ALLOWALL'", "'ALLOWALL'  # hardango: ignore[frame-options] why"),
         "frame-options"),
        # A setting that is missing: anywhere in the settings module.
        (SETTINGS + "\n# hardango: ignore[allowed-hosts, hsts] why\n", BASE,
         "hsts"),
    ],
)  # fmt: skip
def test_a_comment_ignores(write: Write, settings: str, base: str, control: str) -> None:
    root = project(write, conf__settings=settings, conf__base=base)
    found = finding(audited(root, control), control)
    assert [each.reason for each in found.ignored] == ["why"]
    assert found.weak and not found.counts
    assert finding(audited(root, control, ignores=False), control).counts


@pytest.mark.parametrize(
    ("settings", "base", "control"),
    [
        # Another control, another line, another file.
        (SETTINGS.replace("True", "True  # hardango: ignore[frame-options] why"), BASE, "debug"),
        (SETTINGS.replace("import *", "import *  # hardango: ignore[debug] why"), BASE, "debug"),
        ("DEBUG = True\n# hardango: ignore[debug] why\nX = 1\n", BASE, "debug"),
        (SETTINGS, BASE + "# hardango: ignore[hsts] why\n",
         "hsts"),
        # What is missing is not what stands at the end of some line.
        (SETTINGS.replace("True", "True  # hardango: ignore[hsts] why"), BASE,
         "hsts"),
        # A text is no comment, and what is over counts.
        (SETTINGS + "X = '# hardango: ignore[hsts] why'\n", BASE,
         "hsts"),
        (SETTINGS.replace("True", "True  # hardango: ignore[debug] until=2020-01-31 why"), BASE,
         "debug"),
    ],
)  # fmt: skip
def test_a_comment_ignores_nothing_else(
    write: Write, settings: str, base: str, control: str
) -> None:
    root = project(write, conf__settings=settings, conf__base=base)
    assert finding(audited(root, control), control).counts


RULE = '[[ignore]]\ncontrol = "debug"\nreason = "why"\n'


@pytest.mark.parametrize(
    ("more", "ignored"),
    [
        ("", True),
        ('file = "conf/settings.py"\n', True),
        ('file = "conf/*.py"\n', True),
        ('file = "**/settings.py"\n', True),
        ('about = "DEBUG"\n', True),
        ('until = 2999-01-31\n', True),
        ('file = "*.py"\n', False),
        ('file = "settings.py"\n', False),
        ('file = "conf/base.py"\n', False),
        ('about = "SECRET_KEY"\n', False),
        ('until = 2020-01-31\n', False),
    ],
)  # fmt: skip
def test_a_configuration_ignores(write: Write, more: str, ignored: bool) -> None:
    report = audited(project(write, hardango_toml=RULE + more), "debug")
    assert finding(report, "debug").counts is not ignored
    said = [str(note.place) for note in report.notes if "ignore" in note.message]
    assert said == ([] if ignored else ["hardango.toml:1"])


@pytest.mark.parametrize(
    ("pattern", "file", "fits"),
    [
        ("a.py", "a.py", True), ("./a.py", "a.py", True), ("a.*", "a.py", True),
        ("b/*/d.py", "b/c/d.py", True), ("**/d.py", "d.py", True), ("**/d.py", "b/c/d.py", True),
        ("b/**", "b/c/d.py", True), ("?.py", "a.py", True),
        ("*.py", "b/a.py", False), ("b/*", "b/c/d.py", False), ("a.py", "ba.py", False),
        ("a.py", "axpy", False), ("b", "b/a.py", False), ("?.py", "ab.py", False),
        ("[a].py", "a.py", False), ("**/d.py", "bd.py", False),
    ],
)  # fmt: skip
def test_patterns_of_files(pattern: str, file: str, fits: bool) -> None:
    rule = Rule("x", Ignored("why", Place("x", 1)), directory="/p", pattern=pattern)
    assert matches(rule, "/p", file) is fits
    assert matches(rule._replace(pattern=f"q/{pattern.removeprefix('./')}"), "/p/q", file) is fits


def test_what_matches_nothing_is_reported_unless_its_control_was_not_judged(write: Write) -> None:
    root = project(write, conf__settings=SETTINGS + "X = 1  # hardango: ignore[debug, hsts] why\n")
    notes = [note for note in audited(root, "debug").notes if "ignore" in note.message]
    assert [(each.message, str(each.place)) for each in notes] == [
        ("the ignore of debug matches nothing", "conf/settings.py:4")
    ]


def test_what_is_not_known_cannot_be_ignored_and_says_so(write: Write) -> None:
    unknown = "from unheard_of import DEBUG  # hardango: ignore[debug] why\n"
    root = project(write, conf__settings=SETTINGS.replace("DEBUG = True\n", unknown))
    (note,) = [note.message for note in audited(root, "debug").notes if "ignore" in note.message]
    assert note == (
        "the ignore of debug has no effect: the verdict is not known, which doesn't count anyway"
    )


def test_in_a_matrix_an_ignore_has_to_match_once(write: Write) -> None:
    root = project(
        write, conf__other="DEBUG = False\n", hardango_toml=RULE + RULE.replace("debug", "hsts")
    )
    asked = Request(str(root), only=("debug", "hsts"), configuration=find(str(root)))
    reports = audit_each(
        [asked._replace(module="conf.other"), asked._replace(module="conf.settings")]
    )
    assert [note.message for each in reports for note in each.notes
            if "matches nothing" in note.message] == []  # fmt: skip
    assert [finding(each, "debug").weak for each in reports] == [False, True]


def test_an_ignore_that_is_over_says_so(write: Write) -> None:
    root = project(write, hardango_toml=RULE + "until = 2020-01-31\n")
    (note,) = [each for each in audited(root, "debug").notes if each.place is not None]
    assert note.message == "debug was ignored until 2020-01-31 and counts again"


def test_a_part_that_is_ignored_is_said(write: Write) -> None:
    text = "ALLOWED_HOSTS = ['*'] if X else ['.com']\n"
    root = project(write, conf__settings=f"import os\nX = 'X' in os.environ\n{text}")
    whole = finding(audited(root, "allowed-hosts"), "allowed-hosts")
    assert len(whole.problems) == 2
    root = project(
        write,
        conf__settings="import os\nif 'X' in os.environ:\n"
        "    ALLOWED_HOSTS = ['*']  # hardango: ignore[allowed-hosts] why\n"
        "else:\n    ALLOWED_HOSTS = ['.com']\n",
    )
    report = audited(root, "allowed-hosts")
    assert finding(report, "allowed-hosts").counts
    assert "a part of allowed-hosts is ignored: why" in [note.message for note in report.notes]


def test_a_secret_in_a_reason_is_masked(write: Write) -> None:
    key = "k3j#%f2-ab9d@x7_!kq0vz+w8(r5"
    root = project(
        write,
        conf__settings=f"SECRET_KEY = '{key}'\n# hardango: ignore[debug] the key is {key}\n"
        "DEBUG = True\n",
    )
    report = audited(root)
    assert key not in repr(report)
    assert finding(report, "debug").ignored[0].reason == "the key is ***"


# -- whatever is ignored ---------------------------------------------------------------------------

OPINIONS = st.lists(
    st.tuples(st.sampled_from(list(Opinion)), st.booleans(), st.booleans()), min_size=1, max_size=4
)


@given(OPINIONS)
def test_ignoring_never_makes_a_pass(opinions: list[tuple[Opinion, bool, bool]]) -> None:
    """Each opinion with whether it holds in every case, and whether it is ignored."""
    settings = Settings.of({"X": {"if A": 1, "else": 2}})
    control = Control(
        "example", title="", weakness="", severity=Severity.LOW, attack="", remedy="",
        settings=("X",),
    )  # fmt: skip

    @control.audit
    def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
        for number, (opinion, always, _) in enumerate(opinions):
            condition = settings.space.true if always else settings["X"].outcomes[0].condition
            yield Judgement(opinion, f"reason {number}", condition, (Place("s.py", number + 1),))

    ignored = {number + 1 for number, each in enumerate(opinions) if each[2]}
    why = Ignored("why", Place("s.py", 1))

    def ignoring(name: str, chain: tuple[Place, ...], about: str) -> Ignored | None:
        return why if chain[-1].line in ignored else None

    whole = judge_control(control, settings, Deployment())
    found = judge_control(control, settings, Deployment(), ignoring=ignoring)
    passes = (Verdict.PASS, Verdict.ELSEWHERE)
    assert (found.verdict in passes) == (whole.verdict in passes)
    assert whole.weak or found == whole
    if found.ignored:
        assert found.verdict == whole.verdict
