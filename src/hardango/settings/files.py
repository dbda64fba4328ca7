"""Files that settings read: opened inside the root only, and never written."""

from __future__ import annotations

import os

from hardango.findings import Place
from hardango.settings import limits
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Box, Native, Stopped, Thing, Value


def path_text(path: Value) -> str | None:
    """A path as text, None if it is not known."""
    if isinstance(path, str):
        return path
    return str(path) if hasattr(path, "parts") and hasattr(path, "joinpath") else None


def of_this_machine(interpreter: Interpreter, full: str) -> bool:
    """Whether git ignores a file, so that what it says is not what production has."""
    from hardango.uncommitted import Uncommitted, not_taken

    uncommitted = interpreter.state.setdefault("uncommitted", Uncommitted(interpreter.top))
    shown = interpreter.relative(full)
    if not uncommitted(shown):
        return False
    interpreter.note(not_taken(shown), Place(shown, 1))
    return True


def content_of(shown: str) -> Unknown:
    """The text of a file that only production has."""
    said = f"the content of {shown}, which is not in the repository"
    return Unknown(said, "str", (shown,), subject=shown)


def open_file(interpreter: Interpreter, path: Value, mode: Value = "r") -> Value:
    """`open(path, mode)`: an object to read the text from. Raises Raised(FileNotFoundError)."""
    name = path_text(path)
    if name is None:
        return Thing(
            "a file",
            state=Unknown("the content of a file that is not known", "str"),
            attribute=lambda interpreter, attribute: Unknown(f"a file.{attribute}"),
        )
    if isinstance(mode, str) and set(mode) & set("wax+"):
        interpreter.made_files.add(name)
        return Thing(
            "a file that is written",
            attribute=lambda interpreter, attribute: Native(
                attribute, lambda interpreter, arguments, keywords: None
            ),
        )
    text: Value = interpreter.read(name)
    if isinstance(mode, str) and "b" in mode:
        text = interpreter.pure("encode", lambda one: one.encode(), [text], type="bytes")
    return file_of(interpreter, text)


def file_of(interpreter: Interpreter, text: Value) -> Thing:
    """A file object over `text`. Reading it twice gives the text twice, which no settings do."""

    def lines(interpreter: Interpreter) -> list[Value]:
        if isinstance(text, Unknown):
            line = Unknown("the lines of " + text.subject, "str", several=True)
            return [line]
        return list(text.splitlines(keepends=True))

    def first_line(interpreter: Interpreter) -> Value:
        if isinstance(text, Unknown):
            return interpreter.unknown(text.reason, text, type="str")
        return next(iter(text.splitlines(keepends=True)), "")

    def all_lines(interpreter: Interpreter) -> Box:
        return interpreter.box(lines(interpreter))

    return Thing(
        "a file",
        {
            "read": Native("read", lambda interpreter, arguments, keywords: text),
            "readline": Native(
                "readline", lambda interpreter, arguments, keywords: first_line(interpreter)
            ),
            "readlines": Native(
                "readlines", lambda interpreter, arguments, keywords: all_lines(interpreter)
            ),
            "close": Native("close", lambda interpreter, arguments, keywords: None),
            "write": Native("write", lambda interpreter, arguments, keywords: 0),
        },
        iterate=lines,
        state=text,
    )


def read_bytes(interpreter: Interpreter, full: str) -> bytes | Unknown:
    """The content of a file inside the root."""
    full = interpreter.placed.use(interpreter, full)
    if interpreter.instead and (real := os.path.realpath(full)) in interpreter.instead:
        interpreter.texts[full] = interpreter.instead[real]
        return interpreter.instead[real]
    size = os.path.getsize(full)
    shown = interpreter.relative(full)
    if size > limits.SOURCE_BYTES:
        interpreter.note(f"{shown} is too large to read ({size} bytes)")
        return Unknown(f"{shown} is too large to read", "str", subject=shown)
    interpreter.read_bytes += size
    if interpreter.read_bytes > limits.SOURCE_TOTAL:
        raise Stopped("because the files that it reads are too large together")
    try:
        with open(full, "rb") as file:
            interpreter.texts[full] = text = file.read(limits.SOURCE_BYTES)
            return text
    except OSError as problem:
        interpreter.note(f"{shown} could not be read: {problem.strerror}")
        why = f"{shown} could not be read: {problem.strerror}"
        return Unknown(why, "str", subject=shown)
