"""Several audits in one run: what the command line says, over what configurations say.

A run is the product of its paths (several projects in one repository) and its settings modules (a
matrix: production, staging). What the command line gives overrules the configuration key by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hardango.audit import CannotRead, Request, audit_each
from hardango.findings import Note, Report, Severity, Verdict
from hardango.light import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from hardango.configuration.model import Configuration


class Plan(NamedTuple):
    """What is to be done for one path; `values` are the keys of the configuration, as they
    hold."""

    requests: tuple[Request, ...]
    values: Mapping[str, Any]


class Run(NamedTuple):
    """A report as it is to be shown, and whether it makes the run fail."""

    report: Report
    fails: bool


def run(
    paths: Sequence[str],
    given: Mapping[str, Any],
    *,
    configured: bool = True,
    write_baseline: str | None = None,
) -> list[Run]:
    """Audit every path with every settings module.

    `given` are the values of the command line by the key of the configuration that says the same;
    without `configured` there is no configuration. Raises CannotRead, and KeyError for a control
    that does not exist.
    """
    plans = [plan(each, given, configured=configured) for each in dict.fromkeys(paths)]
    values = [each.values for each in plans for _ in each.requests]
    reports = audit_each([request for each in plans for request in each.requests])
    reports = _against(reports, [each.get("baseline") for each in values], write_baseline)
    return [Run(_shown(report, each), _fails(report, each))
            for report, each in zip(reports, values, strict=True)]  # fmt: skip


def plan(path: str, given: Mapping[str, Any], *, configured: bool = True) -> Plan:
    """The requests for one path: one for each settings module, at least one."""
    configuration = configuration_of(path) if configured else None
    values = {**(configuration.values if configuration else {}), **given}
    overruled = set(given)
    if "control" in given and "exclude" not in given:
        values.pop("exclude", None)
        overruled.add("exclude")
    requests = tuple(
        Request(
            path=path,
            module=module,
            given=values.get("env", {}),
            env_file=values.get("env-file"),
            closed=values.get("closed-env", False),
            django=values.get("django"),
            only=tuple(values.get("control", ())),
            exclude=tuple(values.get("exclude", ())),
            pedantic=values.get("pedantic", False),
            ignores=not values.get("no-ignores", False),
            configuration=configuration,
            overruled=frozenset(overruled),
        )
        for module in dict.fromkeys(values.get("settings") or [None])
    )
    return Plan(requests, values)


def configuration_of(path: str) -> Configuration | None:
    """The configuration for a path. Raises CannotRead."""
    from hardango.configuration import BadConfiguration
    from hardango.configuration.find import find

    try:
        return find(path)
    except BadConfiguration as error:
        raise CannotRead(str(error)) from None


def _against(
    reports: list[Report], known: Sequence[str | None], write_baseline: str | None
) -> list[Report]:
    """The reports compared with their baselines, if there are any; a new one is written, and is
    the baseline where there is no other."""
    if write_baseline is None and not any(known):
        return reports
    from hardango.baseline import BadBaseline, applied, baseline_of, load, of_report, write

    done = dict(enumerate(reports))
    try:
        for name in dict.fromkeys(known):
            chosen = [number for number, each in enumerate(known) if each == name]
            those = [reports[number] for number in chosen]
            if name is not None:
                done.update(zip(chosen, applied(load(name), those), strict=True))
            elif write_baseline is not None:
                fresh = [of_report(each) for each in those]
                done.update(zip(chosen, applied(fresh, those), strict=True))
        if write_baseline is not None:
            write(write_baseline, baseline_of(reports))
    except BadBaseline as error:
        raise CannotRead(str(error)) from None
    return list(done.values())


def level(name: str) -> Severity | None:
    """A severity by its label, None for "never"."""
    return None if name == "never" else Severity[name.upper()]


def _fails(report: Report, values: Mapping[str, Any]) -> bool:
    least = level(values.get("fail-on", "medium"))
    return least is not None and any(
        each.fresh and each.severity >= least for each in report.findings
    )


def _shown(report: Report, values: Mapping[str, Any]) -> Report:
    """The report without what is below the lowest severity that is shown; the grade, and what
    fails, stay those of the whole."""
    least = level(values.get("min-severity", "info"))
    hidden = [
        each for each in report.findings
        if least is not None and each.severity < least
        and (each.weak or (each.judged and each.verdict is Verdict.UNKNOWN))
    ]  # fmt: skip
    if not hidden:
        return report
    weak = sum(each.counts for each in hidden)
    said = "finding is" if len(hidden) == 1 else "findings are"
    text = f"{len(hidden)} {said} below --min-severity and not shown"
    note = Note(text + (f", {weak} of them weaknesses" if weak else ""))
    kept = tuple(each for each in report.findings if each not in hidden)
    return report._replace(findings=kept, notes=(*report.notes, note))
