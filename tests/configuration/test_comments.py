"""Ignores in comments, of every kind of file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.configuration import BadConfiguration
from hardango.configuration.comments import comments
from hardango.configuration.model import Rule


def rules(text: str, file: str = "settings.py") -> list[Rule]:
    return list(comments(file, text))


@pytest.mark.parametrize(
    ("text", "controls", "reason", "until", "lines", "anywhere"),
    [
        ("X = 1  # hardango: ignore[hsts] soon", ["hsts"], "soon", "", (1,), False),
        ("X = 1  #hardango:ignore[ hsts , debug ]  soon ", ["hsts", "debug"], "soon", "", (1,),
         False),
        ("X = 1  # hardango: ignore[hsts] until=2027-01-31 the proxy", ["hsts"], "the proxy",
         "2027-01-31", (1,), False),
        ("X = 1  # hardango: ignore[hsts]: soon", ["hsts"], "soon", "", (1,), False),
        ("X = 1  # hardango: ignore[hsts] – soon", ["hsts"], "soon", "", (1,), False),
        ("# hardango: ignore[hsts] soon\nX = 1", ["hsts"], "soon", "", (1, 2), True),
        ("    # hardango: ignore[hsts] soon\n\n# more\n    X = 1", ["hsts"], "soon", "", (1, 4),
         True),
        ("X = 1\n# hardango: ignore[hsts] soon", ["hsts"], "soon", "", (2, 2), True),
        ("X = 1\r\n# hardango: ignore[hsts] soon\r\nY = 2\r\n", ["hsts"], "soon", "", (2, 3), True),
        ("X = [  # hardango: ignore[hsts] soon\n    1,\n]", ["hsts"], "soon", "", (1,), False),
    ],
)  # fmt: skip
def test_a_comment(
    text: str,
    controls: list[str],
    reason: str,
    until: str,
    lines: tuple[int, ...],
    anywhere: bool,
) -> None:
    found = rules(text)
    assert [each.control for each in found] == controls
    for each in found:
        assert (each.ignored.reason, each.ignored.until) == (reason, until)
        assert (each.lines, each.anywhere) == (lines, anywhere)


@pytest.mark.parametrize(
    "text",
    [
        'X = "# hardango: ignore[hsts] a text"',
        'X = """\n# hardango: ignore[hsts] a text\n"""',
        'X = f"{1} # hardango: ignore[hsts] a text"',
        "X = 1  # see hardango: it ignores nothing",
        "X = 1  # hardango: ignored[hsts] is no ignore",
        "X = 1  # noqa  hardango",
        "X = (  # hardango\n",
    ],
)
def test_what_is_no_ignore(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("docker-compose.yml", "DEBUG: 1  # hardango: ignore[debug] why", 1),
        (".env", "# hardango: ignore[debug] why\nDEBUG=1", 1),
        ("pyproject.toml", "x = 1\ny = 2 # hardango: ignore[debug] why", 2),
        ("requirements.txt", "django==5.2  # hardango: ignore[debug] why", 1),
        ("Dockerfile", "FROM x\n# hardango: ignore[debug] why\nENV DEBUG=1", 2),
        ("Procfile", "# hardango: ignore[debug] why", 1),
    ],
)
def test_any_file_with_comments(file: str, text: str, line: int) -> None:
    (found,) = rules(text, file)
    assert (found.ignored.place.file, found.ignored.place.line) == (file, line)


def test_a_sign_within_a_word_starts_no_comment() -> None:
    assert rules("url: a#hardango: ignore[debug] why", "compose.yml") == []


@pytest.mark.parametrize(
    ("text", "file", "says"),
    [
        ("# hardango: ignore[hsts]", "s.py", "s.py:1: an ignore needs a reason"),
        ("# hardango: ignore[hsts] -", "s.py", "needs a reason"),
        ("\nX = 1 # hardango: ignore[hsts] until=2027-01-31", "s.py", "s.py:2: an ignore needs"),
        ("# hardango: ignore", "s.py", "names its controls"),
        ("# hardango: ignore because", "s.py", "names its controls"),
        ("# hardango: ignore[] because", "s.py", "names its controls"),
        ("# hardango: ignore[hsts,] because", "s.py", "names its controls"),
        ("# hardango: ignore[hts] because", "s.py", "did you mean 'hsts'?"),
        ("# hardango: ignore[hsts] until=2027-02-30 why", "s.py", "a day that exists"),
        ("ENV A=1 # hardango: ignore[hsts] why", "Dockerfile", "line of its own"),
        ("ENV A=1 # hardango: ignore[hsts] why", "web.dockerfile", "line of its own"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, file: str, says: str) -> None:
    with pytest.raises(BadConfiguration) as raised:
        rules(text, file)
    assert says in str(raised.value)
    assert str(raised.value).startswith(f"{file}:")


@given(
    st.lists(
        st.one_of(
            st.sampled_from([
                "# hardango: ignore[hsts] why", "X = '''", "'''", "(", "\\", "\t\tx", "  x", "\0",
                "# hardango: ignore[", "\x0c", "f'{", "é = 1",
            ]),
            st.text(max_size=10),
        ),
        max_size=6,
    ).map("\n".join),
    st.sampled_from(["settings.py", "compose.yml", "Dockerfile"]),
)  # fmt: skip
def test_any_text_gives_rules_or_one_clear_error(text: str, file: str) -> None:
    message = f"{file}:"
    try:
        rules(f"{text}\n# hardango:", file)
    except BadConfiguration as error:
        message = str(error)
    assert message.startswith(f"{file}:")
