"""The parsers that print help and say what is wrong with a command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import hardango
from hardango.arguments import ON_OR_OFF, WrongUse, declare
from hardango.light import Any, NoReturn

EXAMPLES = """\
examples:
  hardango                              audit the project in this directory
  hardango audit path/to/project        or in that one
  hardango audit --settings config.settings.production
  hardango audit --env DJANGO_DEBUG=0 --env-file production.env
  hardango audit --format json --fail-on high
  hardango audit --baseline known.json  fail on what is new only
  hardango settings                     what production loads, not importing it
  hardango settings . DEBUG ALLOWED_HOSTS
  hardango fix                          show the edits that mend what is found
  hardango fix --write                  make them; --undo takes them back
  hardango explain hsts                 one control's whole story
  source <(hardango completion bash)    complete options with the Tab key

exit codes:
  0  no weakness at or above --fail-on (default: medium); what is not known
     doesn't count
  1  there are weaknesses
  2  wrong use, or a project that can't be read
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in a line or two, and never repeats a value that may be secret."""

    def __init__(self, **given: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_help_format, **given)
        self.register("action", ON_OR_OFF, argparse.BooleanOptionalAction)

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments"):
            words = message.split(": ", 1)[1].split()
            flags = [word.split("=")[0] for word in words if word.startswith("-")]
            message = f"there is no option {flags[0]}" if flags else "too many arguments"
        raise WrongUse(message, f"Try: {self.prog} --help")


def _help_format(prog: str) -> argparse.HelpFormatter:
    # With a width it does not load shutil to ask for the terminal's, at each argument.
    return argparse.RawDescriptionHelpFormatter(prog, width=80)


def parser_of(verb: str, said: str | None) -> argparse.ArgumentParser:
    """The parser of a command, of which `said` tells what it does."""
    parser = _Parser(prog=f"hardango {verb}", description=(said or "").strip(), epilog=EXAMPLES)
    declare(verb, parser)
    return parser


def overview(verbs: Mapping[str, str | None]) -> argparse.ArgumentParser:
    """The parser of `hardango --help` and `hardango --version`."""
    commands = "\n".join(f"  {verb:12}{_summary(said)}" for verb, said in verbs.items())
    parser = _Parser(
        prog="hardango",
        usage="hardango [COMMAND] [PATH] [options]",
        description="Takes a Django project from its defaults to hardened for production.",
        epilog=f"commands (without one, audit; COMMAND --help lists its options):\n{commands}\n\n"
        + EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"hardango {hardango.__version__}")
    return parser


def _summary(said: str | None) -> str:
    said = (said or "").strip().rstrip(".")
    return said[0].lower() + said[1:]
