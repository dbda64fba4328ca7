"""What the user has decided not to count, and what became of these decisions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from hardango.configuration.calendar import today
from hardango.configuration.model import Rule
from hardango.findings import Finding, Ignored, Note, Place

FIXED = "fixed"
"""The last word of what a problem is about if a version of the package mends it."""


class Ignores:
    """The rules that hold today, and which of them were used.

    `module_file` is the settings module's own, where what is missing belongs.
    """

    def __init__(self, rules: Iterable[Rule], module_file: str, root: str) -> None:
        self.rules = tuple(rules)
        self.module_file, self.root = module_file, root
        self.used: dict[Rule, None] = {}
        self._today = today()

    def __call__(self, control: str, chain: tuple[Place, ...], about: str) -> Ignored | None:
        """Why a problem does not count, None if it does."""
        for rule in self.rules:
            if rule.control == control and self._holds(rule, chain, about):
                self.used[rule] = None
                if not self.over(rule):
                    return rule.ignored
        return None

    def over(self, rule: Rule) -> bool:
        """Whether the last day of a rule has passed."""
        return bool(rule.ignored.until) and rule.ignored.until < self._today

    def _holds(self, rule: Rule, chain: tuple[Place, ...], about: str) -> bool:
        words = about.split()
        if rule.about and rule.about != about and rule.about not in words:
            return False
        if rule.until_fixed and words[-1:] == [FIXED]:
            return False
        if rule.directory:
            files = [each.file for each in chain if each.line > 0] or [self.module_file]
            return any(matches(rule, self.root, file) for file in files)
        file = rule.ignored.place.file
        if not chain:
            return rule.anywhere and file == self.module_file
        return any(each.file == file and each.line in rule.lines for each in chain)

    def notes(self, findings: Iterable[Finding]) -> Iterator[Note]:
        """What to know of the rules that were used: those whose day has passed, and those that
        take a part of a finding away."""
        whole = {reason for finding in findings for reason in finding.ignored}
        for rule in self.used:
            if self.over(rule):
                yield Note(f"{rule.control} was ignored until {rule.ignored.until} and counts "
                           "again", rule.ignored.place)  # fmt: skip
            elif rule.ignored not in whole:
                yield Note(f"a part of {rule.control} is ignored: {rule.ignored.reason}",
                           rule.ignored.place)  # fmt: skip

    def key(self, rule: Rule) -> tuple[str, int, str]:
        """What names a rule also where it is met from another project of the repository."""
        file = os.path.normpath(os.path.join(self.root, rule.ignored.place.file))
        return file, rule.ignored.place.line, rule.control

    def stale(self, judged: Iterable[str]) -> list[Rule]:
        """The rules that match nothing, of the controls that were judged."""
        names = set(judged)
        return [rule for rule in self.rules if rule not in self.used and rule.control in names]


def matches(rule: Rule, root: str, file: str) -> bool:
    """Whether a file of the project at `root` is one that a rule of the configuration names."""
    import re

    if not rule.pattern:
        return True
    path = os.path.relpath(os.path.join(root, file), rule.directory).replace(os.sep, "/")
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", rule.pattern.removeprefix("./"))
    means = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.fullmatch("".join(means.get(each) or re.escape(each) for each in pieces), path) \
        is not None  # fmt: skip
