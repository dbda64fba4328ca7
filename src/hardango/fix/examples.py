"""`.env.example`: the list of the variables that a project reads, with no secret in it."""

from __future__ import annotations

from hardango import variables
from hardango.fix.source import CannotEdit
from hardango.fix.work import Work

NAMES = (".env.example", ".env.sample", ".env.dist", "env.example", ".env.template", "example.env")


def list_variables(work: Work) -> str:
    """Add the new variables to the project's list, if it has one. What must be done by hand, as a
    sentence, "" if nothing."""
    new = dict(work.asked)
    if not new:
        return ""
    for file in NAMES:
        try:
            text = work.content(file).decode("utf-8")
        except (CannotEdit, UnicodeDecodeError):
            continue
        missing = [name for name in new if not variables.sets(text, name, commented=True)]
        if missing:
            lines = [f"{name}={new[name]}" for name in missing]
            work.files[file] = variables.added(text, *lines).encode()
        break
    return "production has to set " + " and ".join(new)
