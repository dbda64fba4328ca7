"""The HTML report as a text: balanced, escaped, with a policy that allows its own script only.

What a browser makes of it is in test_html_in_chromium.py.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from any_report import HOSTILE, PAGES, reports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsed_html import Parsed

import hardango
from hardango.findings import Place, Report
from hardango.report import html
from hardango.report.html import render
from hardango.report.html_story import story
from hardango.report.layout import PLAIN
from hardango.report.markup import Markup, escaped, tag

CSS = (Path(html.__file__).parent / "html.css").read_text(encoding="utf-8")


def without_assets(page: str) -> str:
    """The page without its style, its script and their hashes, which have files of their own."""
    page = re.sub(r"(?s)(<(style|script)>).*?(</\2>)", r"\1…\3", page)
    page = re.sub(r"'sha256-[^']*'", "'sha256-…'", page)
    return page.replace(f"Hardango {hardango.__version__}", "Hardango 0.0.0")


@pytest.mark.parametrize("name", ["audit.html", "audits.html"])
def test_whole_output(
    whole: Report, sound: Report, snapshot: Callable[[str, str], None], name: str
) -> None:
    several = [whole] if name == "audit.html" else [whole, sound]
    snapshot(name, without_assets(render(several, PAGES)))


@given(several=st.lists(reports, min_size=1, max_size=2))
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_is_balanced_and_brings_no_code_of_its_own(several: list[Report]) -> None:
    page = Parsed(render(several, PAGES))
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert {name for name, _ in page.found} <= OURS
    for name, attributes in page.found:
        assert not [each for each in attributes if each.startswith("on") or each == "style"]
        for key in ("href", "src"):
            link = attributes.get(key) or ""
            assert link.startswith(("#", "https://")) or name == "link" or key not in attributes
    assert page.all("script") == [{}]


OURS = set(
    "html head meta title link style body a main header div p h1 h2 h3 h4 h5 ul ol li dl dt dd span b "
    "code pre form label input fieldset legend details summary output button section nav footer "
    "script".split()
)


@pytest.mark.parametrize("said", HOSTILE)
def test_a_text_is_shown_as_it_is(whole: Report, said: str) -> None:
    place = Place(said or "x", 3)
    weak = whole.findings[0]._replace(
        title=said, message=said, when=(said,), chain=(place,), attack=said, remedy=said
    )
    report = whole._replace(findings=(weak,), project=said, module=said, sources={place: said})
    page = Parsed(render([report], PAGES))
    assert page.texts.count(PLAIN.clean(said)) >= (5 if said else 0)


def test_the_policy_names_the_style_and_the_script(whole: Report) -> None:
    page = render([whole], PAGES)
    policy = Parsed(page).all("meta")[1]["content"] or ""
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        (content,) = re.findall(rf"(?s)<{element}>(.*?)</{element}>", page)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("img-src data:; base-uri 'none'; form-action 'none'")
    assert "unsafe" not in policy


def test_what_an_element_escapes() -> None:
    assert tag("p", "<b>", Markup("<i></i>"), title='"x" & y') == (
        '<p title="&quot;x&quot; &amp; y">&lt;b&gt;<i></i></p>\n'
    )
    assert tag("input", name="a", hidden=True, checked=False) == '<input name="a" hidden>\n'
    assert tag("a", "x", class_="c", data_kind="k") == '<a class="c" data-kind="k">x</a>'
    assert escaped("\u202e`'") == "\\u202e&#96;&#39;"
    assert escaped(Markup("<b>")) == "<b>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo", "<p>one two</p>\n"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>\n"),
        ("so:\n- x\n  y\n- z", "<p>so:</p>\n<ul><li>x y</li>\n<li>z</li>\n</ul>\n"),
        ("    a = 1\n\n    b", "<pre><code>a = 1</code></pre>\n<pre><code>b</code></pre>\n"),
        ("`DEBUG` is", "<p><code>DEBUG</code> is</p>\n"),
        ("a ` alone", "<p>a &#96; alone</p>\n"),
        ("<b>", "<p>&lt;b&gt;</p>\n"),
    ],
)
def test_a_story(text: str, shown: str) -> None:
    assert story(text) == shown


def test_headings_follow_each_other(whole: Report, sound: Report) -> None:
    for several in ([whole], [whole, sound]):
        page = Parsed(render(several, PAGES))
        levels = [int(name[1]) for name, _ in page.found if re.fullmatch(r"h\d", name)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        names = [attributes["id"] for _, attributes in page.found if "id" in attributes]
        assert len(set(names)) == len(names)
        targets = {
            (each["href"] or "")[1:] for each in page.all("a") if "#" in (each["href"] or "")[:1]
        }
        assert targets <= set(names)


# -- colours ---------------------------------------------------------------------------------------

PAIRS = (
    *((ink, ground) for ink in ("ink", "soft", "link") for ground in ("page", "card", "code")),
    *((f"on-{name}", name)
      for name in ("critical", "high", "medium", "low", "info", "good", "fair", "poor")),
)  # fmt: skip


def schemes() -> Iterator[tuple[str, dict[str, str]]]:
    """The colours on a light screen, a dark one and paper."""
    light, dark, paper = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r"(?s):root \{(.*?)\}", CSS)
    )
    yield from (("light", light), ("dark", light | dark), ("print", light | paper))


@pytest.mark.parametrize("name, colours", list(schemes()))
def test_contrast(name: str, colours: dict[str, str]) -> None:
    """WCAG 2.2, AA: 4.5 to 1 for text, 3 to 1 for what shows where the keyboard is."""
    pairs = [(ink, ground, 4.5) for ink, ground in PAIRS]
    pairs += [(mark, ground, 3) for mark in ("focus", "edge") for ground in ("page", "card")]
    poor = {
        (ink, ground): round(ratio, 2)
        for ink, ground, least in pairs
        if (ratio := contrast(colours[ink], colours[ground])) < least
    }
    assert not poor


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[at : at + 2]) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
