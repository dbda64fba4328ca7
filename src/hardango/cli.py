"""The command line: one function per verb, each parses, calls and renders."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence

from hardango.arguments import LEVELS, Options, WrongUse, read
from hardango.light import TYPE_CHECKING, Any
from hardango.report.layout import NARROWEST, Style

if TYPE_CHECKING:
    import argparse

    from hardango.audit import Judged
    from hardango.controls.model import Control
    from hardango.evidence import Account, Live, Request
    from hardango.findings import Finding, Repair, Report
    from hardango.report.page import Page

OK, FOUND, WRONG, INTERRUPTED = 0, 1, 2, 130

# -- the verbs -------------------------------------------------------------------------------------


def audit(options: Options) -> int:
    """Judge the settings that production will really use."""
    from hardango.runs import run

    _outputs(options)  # A wrong one is said before the work is done.
    try:
        with _Progress():
            done = run(options.paths, _given(options), configured=not options.no_config,
                       write_baseline=options.write_baseline)  # fmt: skip
    except KeyError as error:
        raise WrongUse(_no_such_control(error.args[0])) from None
    reports = [each.report for each in done]
    _deliver(reports, options)
    return FOUND if any(each.fails for each in done) else OK


def diff(options: Options) -> int:
    """Tell what lies between two reports in JSON: fixed, new, unchanged."""
    from hardango.baseline import BadBaseline, differences
    from hardango.report import comparison
    from hardango.runs import level

    try:
        found = differences(options.old, options.new)
    except BadBaseline as error:
        raise WrongUse(str(error)) from None
    if options.format == "json":
        _write(comparison.as_json(found), options)
    else:
        _write(comparison.as_text(found, _style(options)), options)
    least = level(options.fail_on or "medium")
    fresh = [severity for each in found for _, severity in (*each.new, *each.worse)]
    return FOUND if least is not None and any(each >= least for each in fresh) else OK


def settings(options: Options) -> int:
    """Show what production will load, and where each value comes from."""
    from hardango.audit import settings_data
    from hardango.runs import plan

    try:
        with _Progress():
            (request, *_) = plan(
                options.path, _given(options), configured=not options.no_config
            ).requests
            data = settings_data(request, options.names, all_names=options.all)
    except KeyError as error:
        raise WrongUse(f"there is no setting {error.args[0]!r}: neither Django nor this project "
                       "knows it") from None  # fmt: skip
    if options.format == "json":
        from hardango.report import json_format

        _write(json_format.dump(data), options)
    else:
        from hardango.report import settings_table

        whole = options.verbose or bool(options.names)
        _write(settings_table.render(data, _style(options, widest=160), whole=whole), options)
    return OK


def fix(options: Options) -> int:
    """Mend what the audit finds: show the edits, or write them."""
    from hardango.findings import Severity
    from hardango.fix.run import Wish, undo
    from hardango.fix.run import fix as fixed
    from hardango.replace import CannotWrite
    from hardango.report import repairs
    from hardango.runs import plan

    try:
        if options.undo:
            files = undo(options.path)
            _write(f"taken back: {', '.join(files)}\n", options)
            return OK
        (request, *_) = plan(
            options.path, _given(options), configured=not options.no_config
        ).requests
        wish = Wish(
            unsafe=options.unsafe, hosts=_hosts(options.hosts),
            write=options.write or options.interactive, dirty=options.allow_dirty,
            patch=options.patch, rotate=options.rotate, secrets=options.secrets,
            ask=_ask(options) if options.interactive else None,
        )  # fmt: skip
        with _Progress(quiet=options.interactive):
            done = fixed(request, wish)
    except CannotWrite as error:
        raise WrongUse(str(error)) from None
    except KeyError as error:
        raise WrongUse(_no_such_control(error.args[0])) from None
    if options.format == "json":
        _write(repairs.as_json(done), options)
    else:
        _write(repairs.as_text(done, _style(options), quiet=options.quiet), options)
    left = [each.finding.severity for each in done.remaining if each.finding.counts]
    pending = [] if done.written else [each.finding.severity for each in done.repairs]
    return FOUND if any(each >= Severity.MEDIUM for each in (*left, *pending)) else OK


def _hosts(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(host for text in texts for each in text.split(",") if (host := each.strip()))


def _ask(options: Options) -> Callable[[Repair], bool]:
    """Asks about one edit after the other; "q" leaves the rest as they are."""
    from hardango.report import page, repairs

    style = _style(options)
    over: list[bool] = []

    def ask(repair: Repair) -> bool:
        while not over:
            sys.stdout.write(repairs.question(repair, style))
            sys.stdout.flush()
            answer = sys.stdin.readline().strip().lower()
            if answer in ("y", "yes"):
                return True
            if answer in ("n", "no"):
                return False
            if answer in ("e", "explain"):
                from hardango.controls.catalogue import catalogue

                (control,) = catalogue(lambda name: name == repair.finding.control)
                sys.stdout.write(page.text(_page(control), style) + "\n")
            elif answer in ("q", "quit", ""):
                over.append(True)
        return False

    return ask


def deps(options: Options) -> int:
    """Tell which packages have known holes or are out of support."""
    from hardango.dependencies.run import Wish, deps, fails, update
    from hardango.report.formats import DEPENDENCIES, Manner
    from hardango.runs import level, plan

    planned = plan(options.path, _given(options), configured=not options.no_config)
    wish = Wish(
        options.path, options.database, options.online, options.service,
        environment=options.environment, timeout=options.timeout,
        development=options.development, ignores=not planned.values.get("no-ignores", False),
        outdated=options.outdated or bool(options.index_url), index_url=options.index_url,
        more_indexes=tuple(options.extra_index_url),
    )  # fmt: skip
    with _Progress():
        if options.update:
            update(wish)
            wish = wish._replace(online=options.online, service=None)
        done = deps(wish, planned.requests[0])
    manner = Manner(
        _style(options), options.quiet, options.verbose, lambda: _pages_of(done.findings)
    )
    _write(DEPENDENCIES[options.format](done, manner), options)
    if done.failure:
        return WRONG
    return FOUND if fails(done, level(planned.values.get("fail-on", "medium"))) else OK


def access(options: Options) -> int:
    """Tell who can reach which route, and keep it in access.toml."""
    from hardango.access.choose import Filter
    from hardango.access.run import Wish, access, fails
    from hardango.report.formats import ACCESS, Manner
    from hardango.runs import level, plan

    outputs = _outputs(options, ACCESS)
    if options.static and (options.python or options.prove):
        raise WrongUse("--static runs nothing of the project; --python and --prove do. "
                       "--environment DIRECTORY names packages to read")  # fmt: skip
    if options.environment is not None and (options.python or options.prove):
        raise WrongUse("--environment names packages to read; --python and --prove load them")
    if options.write and options.check:
        raise WrongUse("--check compares with access.toml, and --write writes it: one of them")
    planned = plan(options.path, _given(options), configured=not options.no_config)
    chosen = Filter(options.open, options.changed, options.route, options.role)
    wish = Wish(options.python, options.prove, options.bodies, options.write, options.check, chosen,
                options.environment)  # fmt: skip
    try:
        with _Progress(quiet=bool(options.prove or options.python)):
            done = access(planned.requests[0], wish, _telling())
    finally:
        _clear_line()
    for name, file in outputs:
        alone = Options(**{**vars(options), "output": file})
        brief = options.quiet or ((options.write or options.check) and not options.verbose)
        whole = options.verbose or chosen.chooses
        manner = Manner(_style(alone, 120), brief, whole, _pages_of_weaknesses)
        _write(ACCESS[name](done, manner), alone)
    if options.write:
        return OK
    least = level(planned.values.get("fail-on", "medium"))
    return FOUND if fails(done, least, checked=options.check) else OK


def _pages_of_weaknesses() -> dict[str, Page]:
    """The page of each weakness that `access` knows, by its name."""
    from hardango.access.weaknesses import WEAKNESSES
    from hardango.report.page import Page

    return {
        each.name: Page(
            name=each.name, title=each.title, severity=each.severity.label, settings=(),
            story=f"{each.title}.", attack=each.attack, remedy=each.remedy,
            references=tuple((source.text, source.url) for source in each.references),
        )
        for each in WEAKNESSES
    }  # fmt: skip


def prove(options: Options) -> int:
    """Show by requests whether the protections of a site or project work."""
    from hardango.probe.target import BadTarget, is_url
    from hardango.probe.url import NoAnswer, refuting
    from hardango.runs import level

    _outputs(options)
    if (
        not is_url(options.target)
        and not os.path.lexists(options.target)
        and "/" not in options.target
    ):
        raise WrongUse(
            f"{options.target} is no directory; if a site is meant: https://{options.target}"
        )
    if options.subdomain and not options.hsts:
        raise WrongUse("--subdomain names what --hsts asks, too")
    if options.hsts and not is_url(options.target):
        raise WrongUse("--hsts is for a site that is live, such as https://shop.example")
    try:
        if options.hsts:
            return _hsts(options)
        live = _prove_url(options) if is_url(options.target) else _prove_project(options)
    except (BadTarget, NoAnswer) as error:
        raise WrongUse(str(error)) from None
    except KeyError as error:
        raise WrongUse(_no_such_control(error.args[0])) from None
    _deliver_proof(live, options)
    if live.interrupted:
        return INTERRUPTED
    least = level(options.fail_on or "medium")
    bad = [each.proof.severity for each in refuting(live)]
    return (
        FOUND
        if least is not None and any(each is not None and each >= least for each in bad)
        else OK
    )


def _prove_url(options: Options) -> Live:
    from hardango.probe import url
    from hardango.probe.site import ATTEMPTS
    from hardango.probe.target import target

    site = target(options.target, options.address)
    wish = url.Wish(
        budget=_most_requests(options), active=options.active,
        attempts=options.attempts or ATTEMPTS,
        canary=_canary(options), ca_file=options.ca or "", verify=not options.insecure,
        pedantic=bool(options.pedantic), seconds=options.timeout,
    )  # fmt: skip
    if wish.active and wish.canary is None:
        raise WrongUse("--active needs an account that was made for it: --canary FILE, or "
                       "HARDANGO_CANARY=USER:PASSWORD")  # fmt: skip
    controls = _provable(options)
    _say(url.plan(site, wish))
    try:
        return url.prove_url(site, controls, wish, _counting(wish.budget))
    except OSError as error:
        raise WrongUse(f"{options.ca}: {error.strerror or 'no certificate'}") from None
    finally:
        _clear_line()


def _most_requests(options: Options) -> int:
    from hardango.probe.site import ACTIVE_BUDGET, BUDGET

    return int(options.requests or (ACTIVE_BUDGET if options.active else BUDGET))


def _hsts(options: Options) -> int:
    """The stage of a site, and the next; 1 if something is in the way."""
    from hardango.controls.catalogue import catalogue
    from hardango.probe import url
    from hardango.probe.hsts_plan import CONTROLS
    from hardango.probe.target import target
    from hardango.report import hsts_steps

    site, wish = target(options.target, options.address), url.Wish(
        budget=_most_requests(options), ca_file=options.ca or "", verify=not options.insecure,
        seconds=options.timeout,
    )  # fmt: skip
    below = [url.subdomain(site, each, options.address) for each in options.subdomain]
    _say(url.plan(site, wish))
    if below:
        _say(f"Then one to each of {', '.join(each.url for each in below)}.")
    try:
        controls = catalogue(CONTROLS.__contains__)
        found = url.hsts_of(site, controls, wish, _counting(wish.budget), below)
    finally:
        _clear_line()
    alone = Options(**{**vars(options), "output": _outputs(options)[0][1]})
    text = (
        hsts_steps.as_json(found)
        if options.format == "json"
        else hsts_steps.as_text(found, _style(alone))
    )
    _write(text, alone)
    return FOUND if any(each.holds is False for each in found.holds) else OK


def _prove_project(options: Options) -> Live:
    from hardango.audit import judged
    from hardango.local.launch import CannotStart, Wish
    from hardango.probe.project import OWN_ATTEMPTS, Manner, prove_project
    from hardango.runs import plan

    given = {
        key: value for key, value in _given(options).items() if key not in ("control", "exclude")
    }
    (request, *_) = plan(options.target, given, configured=not options.no_config).requests
    found = judged(request)
    wish = Wish(python=options.python, proxy=options.proxy or "", database=options.database or "")
    # Its accounts and its database are thrown away: nobody is locked out.
    manner = Manner(
        active=True, attempts=options.attempts or OWN_ATTEMPTS, pedantic=bool(options.pedantic)
    )
    try:
        return prove_project(found, _provable(options, found), wish, manner, _telling())
    except CannotStart as error:
        raise WrongUse(str(error), *error.lines) from None
    finally:
        _clear_line()


def _provable(options: Options, judged: Judged | None = None) -> list[Control]:
    """The controls that are to be proven; those for a package only where the project uses it."""
    from hardango.controls.catalogue import catalogue, names
    from hardango.controls.packages import could_be_used

    known = names()
    for name in (*options.control, *options.exclude):
        if name not in known:
            raise KeyError(name)
    wanted = set(options.control or known) - set(options.exclude)
    used = None
    if judged is not None and not options.control:
        used = could_be_used(judged.reading.settings, judged.reading.project)
    found = catalogue(wanted.__contains__, used, pedantic=bool(options.pedantic or options.control))
    found = [each for each in found if each.oracle is not None]
    if not found:
        raise WrongUse("none of these controls can be proven by requests")
    return found


def _canary(options: Options) -> Account | None:
    """The account of --canary or HARDANGO_CANARY; a password is never an argument, which every
    user of the machine could read."""
    from hardango.evidence import Account

    text = os.environ.get("HARDANGO_CANARY", "")
    if options.canary:
        try:
            with open(options.canary, encoding="utf-8") as opened:
                text = opened.read(10_000)
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "is no text"
            raise WrongUse(f"{options.canary}: {why}") from None
    if not text.strip():
        return None
    user, colon, password = text.strip().partition(":")
    if not colon or not user or not password:
        raise WrongUse(f"{options.canary or 'HARDANGO_CANARY'} does not hold USER:PASSWORD")
    return Account(user, password)


def _deliver_proof(live: Live, options: Options) -> None:
    from hardango.controls.catalogue import catalogue
    from hardango.report.formats import FORMATS, Manner

    wanted = {each.proof.control for each in live.joined}
    pages = {control.name: _page(control) for control in catalogue(wanted.__contains__)}
    for name, file in _outputs(options):
        alone = Options(**{**vars(options), "output": file})
        if name == "text":
            from hardango.report import proof_text

            text = proof_text.render(
                live, pages, _style(alone), quiet=options.quiet, verbose=options.verbose
            )
        elif name == "json":
            from hardango.report.proof_data import as_json

            text = as_json(live)
        else:
            from hardango.controls.judge import grade
            from hardango.report.proof_data import as_report

            manner = Manner(_style(alone), options.quiet, options.verbose, lambda: pages)
            text = FORMATS[name]([as_report(live, pages, grade)], manner)
        _write(text, alone)


def explain(options: Options) -> int:
    """Tell one control's whole story, or list the controls."""
    from hardango.controls.catalogue import catalogue
    from hardango.report import page

    style = _style(options)
    if options.control is None:
        pages = [_page(control) for control in catalogue()]
        listed = (page.markdown_index(pages) if options.format == "markdown"
                  else page.index(pages, style))  # fmt: skip
        _write(listed, options)
        return OK
    name = options.control.strip().lower().replace("_", "-")
    found = catalogue(lambda each: each == name)
    if not found:
        raise WrongUse(_no_such_control(options.control))
    wanted = _page(found[0])
    _write(
        page.markdown(wanted) if options.format == "markdown" else page.text(wanted, style), options
    )
    return OK


def completion(options: Options) -> int:
    """Write the completion script of a shell."""
    from hardango.completion import script
    from hardango.controls.catalogue import names

    words = {"control": names(), "exclude": names(), "fail_on": [*LEVELS, "never"]}
    _write(script(options.shell, {verb: parser_of(verb) for verb in VERBS}, words), options)
    return OK


VERBS: dict[str, Callable[[Options], int]] = {
    "audit": audit,
    "settings": settings,
    "diff": diff,
    "fix": fix,
    "prove": prove,
    "access": access,
    "deps": deps,
    "explain": explain,
    "completion": completion,
}


def _no_such_control(name: str) -> str:
    from hardango.controls.catalogue import names
    from hardango.spelling import no_such_control

    return no_such_control(name, names())


def _outputs(options: Options, formats: Iterable[str] = ()) -> list[tuple[str, str | None]]:
    """The formats that are asked for, by default of those of an audit, each with its file; None for
    the terminal.

    `--output FILE` takes the format of `--format`, `--output FORMAT=FILE` its own.
    """
    from hardango.report.formats import FORMATS

    formats = tuple(formats or FORMATS)
    own: list[tuple[str, str | None]] = []
    plain = []
    for each in options.output:
        name, equals, file = each.partition("=")
        if equals and name in formats:
            if not file:
                raise WrongUse(f"--output {each} names no file")
            own.append((name, file))
        elif equals and name.isalpha():
            raise WrongUse(f"there is no format {name!r}; there is {', '.join(formats)}. "
                           f"To write to a file of that name: --output ./{each}")  # fmt: skip
        else:
            plain.append(each)
    if len(plain) > 1:
        raise WrongUse("--output FILE can be given once; name the format of the others, as in "
                       "--output sarif=FILE")  # fmt: skip
    return [(options.format, plain[0] if plain else None), *own]


def _deliver(reports: Sequence[Report], options: Options) -> None:
    """Write the reports in every format that is asked for."""
    from hardango.report.formats import FORMATS, Manner

    for name, file in _outputs(options):
        alone = Options(**{**vars(options), "output": file})
        manner = Manner(_style(alone), options.quiet, options.verbose, lambda: _pages(reports))
        _write(FORMATS[name](reports, manner), alone)


def _pages(reports: Sequence[Report]) -> dict[str, Page]:
    """The page of each control that the reports speak of, by its name."""
    return _pages_of(finding for report in reports for finding in report.findings)


def _pages_of(findings: Iterable[Finding]) -> dict[str, Page]:
    from hardango.controls.catalogue import catalogue

    wanted = {finding.control for finding in findings}
    return {control.name: _page(control) for control in catalogue(wanted.__contains__)}


def _page(control: Control) -> Page:
    from hardango.report.page import Page

    return Page(
        name=control.name,
        title=control.title,
        severity=control.severity.label,
        settings=control.settings,
        story=control.story,
        attack=control.attack,
        remedy=control.remedy,
        references=tuple((each.text, each.url) for each in control.references),
        judged=control.judged,
        live=control.live,
        mended=_mended(control),
        replaces=control.replaces,
    )


def _mended(control: Control) -> str:
    if control.fixable:
        return "`hardango fix` does what can be done in the files."
    if control.person:
        return f"`hardango fix` leaves it to a person, since {control.person}."
    return ""


KEYS = (
    "settings", "env", "env-file", "closed-env", "django", "fail-on", "min-severity", "pedantic",
    "control", "exclude", "baseline", "no-ignores",
)  # fmt: skip
"""The options that a configuration can say, too: each by the name of its key."""


def _given(options: Options) -> dict[str, Any]:
    """What the command line says, by the key of the configuration that says the same."""
    values = {key: getattr(options, key.replace("-", "_"), None) for key in KEYS}
    given = {key: value for key, value in values.items() if value not in (None, [])}
    if "env" in given:
        given["env"] = dict(given["env"])
    return given


# -- arguments -------------------------------------------------------------------------------------


def parser_of(verb: str) -> argparse.ArgumentParser:
    """The parser of one command, for its help and for completion."""
    from hardango import parsers

    return parsers.parser_of(verb, VERBS[verb].__doc__)


def _options(verb: str, given: Sequence[str]) -> Options:
    # Names of settings may stand between options.
    intermixed = verb == "settings"
    options = read(verb, given, intermixed=intermixed)
    if options is None:
        parser = parser_of(verb)
        parse = parser.parse_intermixed_args if intermixed else parser.parse_args
        options = parse(given, Options())
    return options


def _arguments(arguments: Sequence[str]) -> list[str]:
    """The arguments with the verb in front: `hardango`, `hardango -q .` and `hardango .` audit."""
    given = list(arguments)
    if given and given[0] in (*VERBS, "-h", "--help", "--version"):
        return given
    if given and not given[0].startswith("-") and not os.path.lexists(given[0]):
        from hardango.spelling import closest

        close = closest(given[0], VERBS) if "/" not in given[0] else None
        if close:
            raise WrongUse(f"there is no command {given[0]!r}; did you mean {close!r}?")
    return ["audit", *given]


# -- the terminal ----------------------------------------------------------------------------------


def _style(options: Options, widest: int = 100) -> Style:
    """How the output is to be written: see https://no-color.org for NO_COLOR."""
    environ = os.environ
    to_file = getattr(options, "output", None) is not None
    terminal = not to_file and sys.stdout.isatty()
    width = 80
    if environ.get("COLUMNS", "").isdecimal():
        width = int(environ["COLUMNS"])
    elif terminal:
        try:
            width = os.get_terminal_size(sys.stdout.fileno()).columns
        except OSError:
            width = 80
    colour = (terminal and environ.get("TERM") != "dumb") or bool(environ.get("FORCE_COLOR"))
    if options.no_color or environ.get("NO_COLOR") or to_file:
        colour = False
    encoding = "utf-8" if to_file else (sys.stdout.encoding or "ascii")
    unicode = encoding.lower().replace("-", "").startswith("utf")
    return Style(max(NARROWEST, min(width or 80, widest)), colour, not unicode)


def _write(text: str, options: Options) -> None:
    output = getattr(options, "output", None)
    if output is not None:
        try:
            with open(output, "w", encoding="utf-8", errors="backslashreplace") as opened:
                opened.write(text)
        except OSError as error:
            raise WrongUse(f"{output}: {error.strerror or 'cannot be written'}") from None
        return
    if hasattr(sys.stdout, "reconfigure"):
        # A file name may hold what no encoding can say.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # `hardango | head` has seen enough
        _drop_output()
    except OSError as error:
        _drop_output()
        raise WrongUse(_unwritable(error)) from None


def _drop_output() -> None:
    """Leave what is still to be written, or Python would complain once more at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass


def _unwritable(error: OSError) -> str:
    return f"the output cannot be written: {error.strerror or 'unknown error'}"


class _Progress:
    """Says on a terminal that work goes on, once it takes longer than half a second; not if it is
    `quiet`, since something else is written there."""

    def __init__(self, quiet: bool = False) -> None:
        terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self.speaks = terminal and not quiet
        self.shown = 0
        self.before: object = None

    def show(self, number: int, frame: object) -> None:
        self.shown += sys.stderr.write("hardango: reading the project …")
        sys.stderr.flush()

    def __enter__(self) -> None:
        if self.speaks:
            import signal

            self.speaks = hasattr(signal, "setitimer")
            if self.speaks:
                self.before = signal.signal(signal.SIGALRM, self.show)
                signal.setitimer(signal.ITIMER_REAL, 0.5)

    def __exit__(self, *_: object) -> None:
        if self.speaks:
            import signal

            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.before)  # type: ignore[arg-type]
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _say(text: str) -> None:
    """What is going to be done, beside the output."""
    style = Style(width=100, ascii=(sys.stderr.encoding or "").lower().replace("-", "") != "utf8")
    sys.stderr.write("".join(f"hardango: {style.clean(line)}\n" for line in text.splitlines()))
    sys.stderr.flush()


def _counting(most: int) -> Callable[[Request, int], None] | None:
    """Shows on a terminal which request is being made."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return None

    def show(request: Request, before: int) -> None:
        sys.stderr.write(f"\r\x1b[Khardango: request {before + 1} of at most {most} …")
        sys.stderr.flush()

    return show


def _telling() -> Callable[[str], None]:
    """Shows on a terminal what is being done."""

    def show(doing: str) -> None:
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            sys.stderr.write(f"\r\x1b[Khardango: {doing} …")
            sys.stderr.flush()

    return show


def _clear_line() -> None:
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _complain(*said: str) -> int:
    """One sentence on stderr, and what to try; what the user typed must neither steer the
    terminal nor leak."""
    from hardango.settings.secrets import Masker

    style = Style(width=100, ascii=(sys.stderr.encoding or "").lower().replace("-", "") != "utf8")
    for number, line in enumerate(map(Masker().text, said)):
        sys.stderr.write(("hardango: " if number == 0 else "") + style.clean(line) + "\n")
    return WRONG


def _open_streams() -> None:
    """Where the shell has closed a stream (`>&-`), Python has None: nobody reads that."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.TextIOWrapper(io.FileIO(os.devnull, "w"), encoding="utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    if arguments is None:
        # A short process frees little: looking for cycles while it starts is a tenth of its time.
        gc.set_threshold(100_000, 20, 20)
    try:
        if arguments is None:
            return _run_at_one_go(sys.argv[1:])
        return _run(arguments)
    except WrongUse as error:
        return _complain(*error.args)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _crashed(error)


def run() -> None:
    """The console script: what `main` does, then the end of the process. Taking a thousand
    objects apart that nobody needs any more would cost a tenth of the time of an audit."""
    _open_streams()
    try:
        code = main()
    except SystemExit as end:  # argparse ends the process after --help
        code = WRONG if end.code else OK
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # nobody reads on: `main` has said so in its exit code
        pass
    except OSError as error:
        code = _complain(_unwritable(error))
    os._exit(code)


def _run_at_one_go(arguments: Sequence[str]) -> int:
    """What `_run` does, in a process of its own: an audit finds its modules in one file."""
    if (_arguments(arguments) or [""])[0] != "audit":
        return _run(arguments)
    from hardango import bytecode

    loaded = bytecode.load()
    code = _run(arguments)
    if not loaded and code in (OK, FOUND):
        bytecode.save()
    return code


def _run(arguments: Sequence[str]) -> int:
    from hardango.audit import CannotRead

    given = _arguments(arguments)
    if given[0] not in VERBS:
        from hardango.parsers import overview

        overview({verb: function.__doc__ for verb, function in VERBS.items()}).parse_args(given)
        return OK
    verb, *rest = given
    options = _options(verb, rest)
    try:
        return VERBS[verb](options)
    except CannotRead as error:
        raise WrongUse(str(error)) from None


def _crashed(error: Exception) -> int:
    """The last resort: a defect of hardango itself, said in a line without any value."""
    if os.environ.get("HARDANGO_DEBUG"):
        import traceback

        return _complain(*"".join(traceback.format_exception(error)).split("\n"))
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    at = ""
    if where is not None:
        file = where.tb_frame.f_code.co_filename
        at = f" in {os.path.basename(file)}:{where.tb_lineno}"
    return _complain(f"defect in hardango itself: {type(error).__name__}{at}. Please report it; "
                     "HARDANGO_DEBUG=1 shows more.")  # fmt: skip
