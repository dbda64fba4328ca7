"""What a developer's machine needs, where production's module serves it too.

Production now asks for variables that nobody had to set before. `manage.py`, with which
developers start everything, sets them unless they are there: a machine without production's secret
key is a developer's. Where the settings read a `.env` file that cannot be told, since production may
have its key in there: then the developer's own file is the place, and it is said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from hardango.controls.values import truth
from hardango.fix.source import CannotEdit, Source, Splice
from hardango.fix.work import Work

ON = ("1", "True", "true", "yes", "on")
"""How a variable could say that something is on, what most readings understand first."""

FOR_DEVELOPMENT = "only for development"


def prepare(work: Work) -> str:
    """Make `manage.py` set what `work.developer` names. What must be done by hand instead, if
    anything, as a sentence."""
    variables = dict(work.developer)
    if not variables:
        return ""
    for name, value in variables.items():
        if value == "1":
            variables[name] = _word_for_on(work, name)
    shown = ", ".join(variables)
    if _reads_a_file(work):
        given = " ".join(f"{name}={value}" for name, value in variables.items()
                         if value != FOR_DEVELOPMENT)  # fmt: skip
        also = f" ({given})" if given else ""
        return f"the .env file of a developer's machine needs {shown} now{also}"
    manage = work.reading.project.manage_py
    if manage is None:
        return f"a developer's machine needs {shown} now"
    try:
        source = work.source(manage)
        work.files[manage] = source.spliced(
            _block(source, variables, work.asked, work.reading.module)
        )
    except CannotEdit as error:
        return f"a developer's machine needs {shown} now: {manage} could not be edited ({error})"
    return f"what starts without {manage}, as tests may, needs {shown} now"


_READERS = ("read_env(", "load_dotenv(", "decouple", "dotenv_values(", "read_envfile(")
"""What stands in settings that read variables from a file."""


def _reads_a_file(work: Work) -> bool:
    texts = work.reading.settings.texts.values()
    return any(reader.encode() in text for text in texts for reader in _READERS)


def _what(variable: str) -> str:
    return "a secret key" if "SECRET_KEY" in variable else "credentials"


def _word_for_on(work: Work, variable: str) -> str:
    """The value with which the variable turns DEBUG on."""
    for word in ON:
        settings = work.evaluated({}, {variable: word})
        if settings is not None and "DEBUG" in settings:
            if all(truth(each.value) is True for each in settings["DEBUG"].outcomes):
                return word
    return ON[0]


def _block(
    source: Source, variables: Mapping[str, str], required: Collection[str], module: str
) -> list[Splice]:
    """The lines above the one that names the settings module; production does not load without the
    variables that are `required`."""
    naming = re.compile(
        r"^[ \t]*os\.environ(?:\.setdefault\(|\[)\s*['\"]DJANGO_SETTINGS_MODULE.*", re.MULTILINE
    )
    places = list(naming.finditer(source.text))
    places = [each for each in places if module in each[0]] or places
    if not places:
        raise CannotEdit("it does not set DJANGO_SETTINGS_MODULE")
    found = places[-1]
    line = source.start_of_line(found.start())
    margin, indent = source.margin(line), source.indent
    keys = [name for name, value in variables.items() if value == FOR_DEVELOPMENT]
    if keys:
        key = source.literal(keys[0])
        lines = [
            f"if {key} not in os.environ:",
            f"{indent}# A developer's machine: production has {_what(keys[0])} of its own.",
            f"{indent}os.environ[{key}] = {source.literal(FOR_DEVELOPMENT)}",
        ]
    else:
        # Every command needs what production requires, and manage.py serves nobody there.
        needed = {name: value for name, value in variables.items() if name in required}
        lines = [_set(source, each, value) for each, value in needed.items()]
        lines = ["# A developer's machine: production has its own.", *lines] if lines else []
        variables = {name: value for name, value in variables.items() if name not in needed}
        if variables:
            served = source.literal("runserver")
            lines.append(f"if {served} in sys.argv:  # a developer's machine")
    lines += [indent + _set(source, each, value) for each, value in variables.items()
              if each not in keys[:1]]  # fmt: skip
    if not keys and variables and not re.search(r"^import sys\b", source.text, re.MULTILINE):
        raise CannotEdit("it does not import sys")
    return [Splice(line, line, "".join(f"{margin}{each}\n" for each in lines))]


def _set(source: Source, variable: str, value: str) -> str:
    return f"os.environ.setdefault({source.literal(variable)}, {source.literal(value)})"
