"""The site: built strictly, asks no other host for anything, and every link in it leads somewhere."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


class Page(HTMLParser):
    """What a built page loads, links to, and can be linked at."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.names |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        address = given.get(LOADED.get(tag, ""), "")
        if address and given.get("rel") not in ("canonical", "next", "prev", "index", "search"):
            self.loads.append(address)


@pytest.fixture(scope="module")
def site(
    load_script: Callable[[str], ModuleType], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    if any(importlib.util.find_spec(each) is None for each in ("sphinx", "myst_parser", "furo")):
        pytest.skip("the packages of the extra `docs` are not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, *load_script("dev.py").SPHINX, "-d", folder / "cache"]
    done = subprocess.run(
        [*command, ROOT / "docs", folder / "html"], capture_output=True, text=True, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return folder / "html"


def test_it_is_built_and_loads_nothing_from_elsewhere(site: Path) -> None:
    pages = {path: Page(path) for path in site.rglob("*.html")}
    assert site / "tutorial.html" in pages
    for path, page in pages.items():
        for address in page.loads:
            parts = urlsplit(address)
            assert not parts.scheme or parts.scheme == "data", (path.name, address)
            assert not parts.netloc, (path.name, address)
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "@import" not in text and "url(http" not in text and "url(//" not in text, sheet


def test_every_link_leads_somewhere(site: Path) -> None:
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages.get(target)
            if not target.is_file() or (
                parts.fragment and known and unquote(parts.fragment) not in known.names
            ):
                broken.append((path.name, link))
    assert not broken


@pytest.mark.parametrize("folder", ["controls", "decisions", "how-to", "explanation", "projects"])
def test_every_page_is_there(site: Path, folder: str) -> None:
    written = {path.stem for path in (ROOT / "docs" / folder).glob("*.md")}
    assert written
    assert {path.stem for path in (site / folder).glob("*.html")} == written
