"""The pages that tell a reader what to do: what they say is done, and what they show is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import walk

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
SHELL = re.compile(r"^```(?:sh|bash|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
RUN_ELSEWHERE = {
    "python3 -m pip install .": "dev.py, when it sets up",
    "source <(hardango completion bash)": "tests/test_cli.py",
    "source <(hardango completion zsh)": "tests/test_cli.py",
    "hardango completion fish | source": "tests/test_cli.py",
}
GENERATED = re.compile(r"<!-- output of: .*?<!-- end of output -->", re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_every_command_in_the_docs_is_run(path: Path) -> None:
    """By the walk of its page (`docs/generate.py --check` does it), or as an output that is made."""
    page = GENERATED.sub("", path.read_text(encoding="utf-8"))
    if walk.is_walked(page):
        return
    assert "```console" not in page
    lines = [line.partition("#")[0].strip() for each in SHELL.findall(page)
             for line in each.splitlines()]  # fmt: skip
    assert set(filter(None, lines)) <= set(RUN_ELSEWHERE)


def test_the_tutorial_ends_with_an_a() -> None:
    """That it is as it runs is what `docs/generate.py --check` says; this, that it gets there."""
    page = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    assert re.findall(r"Grade (\S+) ", page)[0] == "F"
    assert re.findall(r"Grade (\S+) ", page)[-1] in ("A", "A+")


def page(*blocks: str) -> str:
    return "<!-- walk: empty -->\n# Title\n\n" + "\n\n".join(blocks) + "\n"


def console(*lines: str, said: str = "") -> str:
    mark = f"<!-- {said} -->\n" if said else ""
    return mark + "```console\n" + "".join(f"{line}\n" for line in lines) + "```"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (console("$ echo one"), console("$ echo one", "one")),
        (console("$ echo one", "old", "older"), console("$ echo one", "one")),
        (console("$ echo a", "$ echo b"), console("$ echo a", "a", "$ echo b", "b")),
        (console("$ echo a \\", "b"), console("$ echo a \\", "b", "a b")),
        (console("$ true", "old"), console("$ true")),
        (console("$ exit 3", said="exit 3"), console("$ exit 3", said="exit 3")),
        (console("$ seq 3", said="first 2 lines"), console("$ seq 3", "1", "2", "…", said="first 2 lines")),
        (console("$ seq 2", said="first 2 lines"), console("$ seq 2", "1", "2", said="first 2 lines")),
        (console("$ seq 3", "x", said="quiet"), console("$ seq 3", said="quiet")),
        (console("$ nonsense", "as told", said="not run: it is an example"),) * 2,
        (console("$ echo a >&2"), console("$ echo a >&2", "a")),
        ("```python\nx = 1\n```",) * 2,
    ],
)  # fmt: skip
def test_what_commands_print_is_written(before: str, after: str) -> None:
    made = walk.walked(page(before))
    assert made == page(after)
    assert walk.walked(made) == made


def test_files_are_written_and_changed_and_folders_entered() -> None:
    before = page(
        "<!-- file: in/a.txt -->\n```text\none\ntwo\n```",
        "<!-- edit: in/a.txt -->\n```diff\n one\n-two\n+2\n```",
        console("$ cd in", "$ cat a.txt"),
    )
    assert console("$ cd in", "$ cat a.txt", "one", "2") in walk.walked(before)


def test_the_shop_is_a_copy() -> None:
    text = "<!-- walk: shop -->\n" + console("$ test -e .git && rm manage.py && ls Procfile")
    assert "Procfile\n```" in walk.walked(text)
    assert (ROOT / "examples" / "shop" / "manage.py").exists()


def test_a_page_without_a_mark_stays_as_it_is() -> None:
    assert walk.walked(console("$ exit 1")) == console("$ exit 1")


@pytest.mark.parametrize(
    ("block", "says"),
    [
        (console("$ exit 1"), "exit code 1, not 0"),
        (console("$ true", said="exit 1"), "exit code 0, not 1"),
        (console("$ false | true"), "exit code 1, not 0"),
        (console("$ true", said="last 2 lines"), "not understood: last 2 lines"),
        ("<!-- file: a -->\n```text\nx\nx\n```\n\n<!-- edit: a -->\n```diff\n-x\n+y\n```", "does not fit"),
        ("<!-- file: a -->\n```text\nx\n```\n\n<!-- edit: a -->\n```diff\n-z\n```", "does not fit"),
        ("<!-- file: a -->\n```text\nx\n```\n\n<!-- edit: a -->\n```diff\n<<< x\n-x\n```", "no change of a"),
    ],
)  # fmt: skip
def test_what_does_not_work_stops_the_walk(block: str, says: str) -> None:
    with pytest.raises(walk.Stumbled, match=re.escape(says)):
        walk.walked(page(block))
