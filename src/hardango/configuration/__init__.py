"""The project's own configuration: `[tool.hardango]` in pyproject.toml, or a hardango.toml.

The file nearest upward from what is audited counts, and the search ends at the repository's root.
A stranger's repository brings its own configuration, so it can name no file outside of its root,
and every report says that there was one and what it sets.
"""


class BadConfiguration(Exception):
    """The configuration cannot be used; the text is one clear sentence with file and line."""
