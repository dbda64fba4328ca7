"""What a record says of a version: held against packaging, and against a second reading of OSV's
specification."""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from advisories import record
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from hardango.dependencies.records import Malformed, affects, fixes, records_of


def said(data: dict[str, Any], version: str) -> bool | None:
    ((_, found),) = records_of(data)
    return affects(found, version)


UP_TO = ({"introduced": "4.2"}, {"fixed": "4.2.15"})


@pytest.mark.parametrize(
    "events, versions, version, expected",
    [
        (UP_TO, (), "4.2", True),
        (UP_TO, (), "4.2.0", True),
        (UP_TO, (), "4.2.14", True),
        (UP_TO, (), "4.2.9", True),
        (UP_TO, (), "4.2+local.1", True),
        (UP_TO, (), "v4.2.1", True),
        (UP_TO, (), "4.2.15rc1", True),
        (UP_TO, (), "4.2.15", False),
        (UP_TO, (), "4.2.15.post1", False),
        (UP_TO, (), "4.2.100", False),
        (UP_TO, (), "4.1.13", False),
        (UP_TO, (), "4.2rc1", False),
        (UP_TO, (), "1!4.2", False),
        (({"introduced": "0"}, {"fixed": "1.0"}), (), "0.0.dev0", True),
        (({"introduced": "0"}, {"last_affected": "1.0"}), (), "1.0", True),
        (({"introduced": "0"}, {"last_affected": "1.0"}), (), "1.0+cpu", True),
        (({"introduced": "0"}, {"last_affected": "1.0"}), (), "1.0.1", False),
        # Several series in one range, in any order.
        (({"introduced": "5.0"}, {"fixed": "5.0.8"}, {"introduced": "4.2"}, {"fixed": "4.2.15"}), (), "4.2.16", False),
        (({"introduced": "5.0"}, {"fixed": "5.0.8"}, {"introduced": "4.2"}, {"fixed": "4.2.15"}), (), "5.0.7", True),
        (({"fixed": "4.2.15"}, {"introduced": "4.2"}), (), "4.2.1", True),
        (({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.0"}, {"fixed": "1.2"}), (), "1.0", True),
        (({"introduced": "0"}, {"limit": "2.0"}), (), "2.1", False),
        (({"introduced": "0"}, {"limit": "2.0"}), (), "1.9", True),
        # Versions that are listed, however they are written.
        ((), ("1.0", "1.1"), "1.0.0", True),
        ((), ("1.0", "1.1"), "1.1.1", False),
        (UP_TO, ("3.2",), "3.2", True),
        ((), ("2004d",), "2004d", True),
        ((), ("2004d",), "2004e", False),
        # What cannot be compared is not known.
        (UP_TO, (), "2004d", None),
        (({"introduced": "0"}, {"fixed": "three"}), (), "1.0", None),
        (({"introduced": "0"}, {"fixed": "three"}), ("1.0",), "1.0", True),
        (({"fixed": "1.0"},), (), "0.9", None),
        ((), (), "1.0", None),
    ],
)  # fmt: skip
def test_affects(
    events: tuple[dict[str, str], ...], versions: tuple[str, ...], version: str, expected: bool | None
) -> None:  # fmt: skip
    assert said(record("PYSEC-1", "p", *events, versions=versions), version) is expected


def test_another_ecosystem_is_nothing_of_ours() -> None:
    data = record("GHSA-1", "p", *UP_TO)
    data["affected"][0]["package"]["ecosystem"] = "npm"
    assert list(records_of(data)) == []


def test_a_record_that_was_withdrawn_says_nothing() -> None:
    assert list(records_of(record("P", "p", *UP_TO, withdrawn="2024-01-01T00:00:00Z"))) == []


def test_commits_are_no_versions() -> None:
    data = record("P", "p", *UP_TO)
    data["affected"][0]["ranges"].append(
        {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "ab12"}]}
    )
    assert said(data, "9") is False


def test_several_entries_for_one_package_are_one_record() -> None:
    data = record("P", "Some_Package", *UP_TO)
    data["affected"].append(
        record("P", "some-package", {"introduced": "5.0"}, {"fixed": "5.1"})["affected"][0]
    )
    ((name, found),) = records_of(data)
    assert name == "some-package"
    assert affects(found, "5.0") is True
    assert affects(found, "4.2") is True
    assert fixes(found) == ("4.2.15", "5.1")


@pytest.mark.parametrize(
    "data",
    [None, [], "x", {}, {"id": 3}, {"id": "x", "affected": {}}, {"id": "x", "affected": ["y"]},
     {"id": "x", "affected": [{"package": {"ecosystem": "PyPI"}}]},
     {"id": "x", "affected": [{"package": "p"}]},
     {"id": "x", "affected": [{"package": {"ecosystem": "PyPI", "name": "p"}, "ranges": 1}]},
     {"id": "x", "affected": [{"package": {"ecosystem": "PyPI", "name": "p"}, "versions": "1.0"}]}],
)  # fmt: skip
def test_malformed(data: Any) -> None:
    with pytest.raises(Malformed):
        list(records_of(data))


# -- properties ------------------------------------------------------------------------------------

numbers = st.lists(st.integers(0, 30), min_size=1, max_size=4).map(
    lambda each: ".".join(map(str, each))
)
versions = st.builds(
    "{}{}{}{}".format, numbers, st.sampled_from(["", "", "", "a1", "b2", "rc1"]),
    st.sampled_from(["", "", ".post1"]), st.sampled_from(["", "", "", ".dev3"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(versions, versions, versions)
def test_a_range_is_what_packaging_calls_one(low: str, high: str, version: str) -> None:
    """In PEP 440's order: `<` of a specifier leaves out pre-releases of its own bound, ranges don't."""
    low, high = sorted((low, high), key=Version)
    assume(Version(low) != Version(high))
    expected = Version(low) <= Version(version) < Version(high)
    assert said(record("P", "p", {"introduced": low}, {"fixed": high}), version) is expected
    if not Version(version).is_prerelease and not Version(version).is_postrelease:
        specifier = SpecifierSet(f">={low},<{high}", prereleases=True)
        assert specifier.contains(version) is expected
    expected = Version(low) <= Version(version) <= Version(high)
    assert said(record("P", "p", {"introduced": low}, {"last_affected": high}), version) is expected


@settings(max_examples=200, deadline=None)
@given(st.lists(versions, min_size=1, max_size=6), versions)
def test_a_list_of_versions_is_what_packaging_calls_equal(listed: list[str], version: str) -> None:
    expected = any(Version(each) == Version(version) for each in listed)
    assert said(record("P", "p", versions=tuple(listed)), version) is expected


def specified(affected: dict[str, Any]) -> Callable[[Version], bool]:
    """OSV's specification, word for word, a second time: only what the data has."""
    listed = set()
    for each in affected.get("versions", ()):
        with contextlib.suppress(InvalidVersion):
            listed.add(Version(each))
    ranges = []
    for each in affected.get("ranges", ()):
        if each["type"] != "GIT":
            events = [
                (Version(text), kind) for event in each["events"] for kind, text in event.items()
            ]
            ranges.append(sorted(events, key=lambda event: (event[0], event[1] == "introduced")))

    def speaks_of(version: Version) -> bool:
        for events in ranges:
            vulnerable = False
            for at, kind in events:
                if kind == "introduced" and version >= at:
                    vulnerable = True
                elif (kind == "fixed" and version >= at) or (
                    kind == "last_affected" and version > at
                ):
                    vulnerable = False
            if vulnerable:
                return True
        return version in listed

    return speaks_of


def test_every_advisory_of_django_against_every_release(shared: Path) -> None:
    names = (Path(__file__).parent / "django_releases.txt").read_text(encoding="utf-8").split()
    releases = [(name, Version(name)) for name in names]
    compared = advisories = 0
    with zipfile.ZipFile(shared) as opened:
        for name in opened.namelist():
            text = opened.read(name)
            if b'"django"' not in text:
                continue
            data = json.loads(text)
            for package, found in records_of(data):
                if package != "django":
                    continue
                (affected,) = [
                    each for each in data["affected"] if each["package"]["name"] == "django"
                ]
                speaks_of = specified(affected)
                wrong = [each for each, version in releases
                         if affects(found, each) is not speaks_of(version)]  # fmt: skip
                assert not wrong, name
                advisories, compared = advisories + 1, compared + len(releases)
    assert advisories == 116
    assert compared > 50_000
