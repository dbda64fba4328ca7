"""Why reading a project and loading its settings lead to different verdicts, where they do."""

from __future__ import annotations


def explanation(control: str, read: str, loaded: str, read_said: str, loaded_said: str) -> str:
    """The reason, "" if there is none: then one of the two is wrong."""
    if control == "secret-key" and loaded == "pass" and "stands in the source" in read_said:
        return "where a value stands is not seen in the value"
    if control == "secret-key" and loaded == "pass" and "random at each start" in read_said:
        return "how a value was made is not seen in the value"
    if control == "secret-key" and "is used as" in loaded_said:
        return "what else has the same value, the audit could not read"
    if loaded == "unknown" and "which version production has" in loaded_said:
        return "which version of a package is there is read from what production installs"
    if read == "conditional" and loaded == "pass":
        return "the audit does not know in which case production is, and tells the weak one"
    if loaded == "unknown" and "could do the same" in loaded_said:
        return "which package a middleware is from is read from what production installs"
    return ""
