"""What names of files, directories and modules say about their use."""

from __future__ import annotations

PRODUCTION = frozenset(
    "production prod prd live stable deploy deployment deployed heroku release".split()
)
STAGING = frozenset("staging stage stg preprod uat qa preview review feature".split())
DEVELOPMENT = frozenset(
    "local dev development develop devel debug developer vagrant devcontainer override vscode "
    "sandbox playground worktree docs doc documentation mkdocs sphinx storybook".split()
)
"""Nothing that serves the product, the container that builds the documentation included."""

TEST = frozenset(
    "test tests testing pytest unittest unittests ci cicd e2e integration travis tox selenium "
    "cypress playwright benchmark benchmarks bench".split()
)
ASIDE = frozenset(
    "test tests testing testproject testapp testsite testprojects doc docs documentation example "
    "examples sample samples demo demos template templates fixtures fixture sandbox tutorial "
    "tutorials skeleton boilerplate playground contrib benchmark benchmarks bench snippets "
    "vendor vendored third_party".split()
)
"""Directories in which a project is there to show or to try something, not to be deployed."""


def words(name: str) -> list[str]:
    """The words of a name: "docker-compose.prod.yml" has docker, compose, prod, yml."""
    text, before = "", ""
    for char in name:
        if "A" <= char <= "Z" and "a" <= before <= "z":
            text += " "
        text += char if char.isascii() and char.isalpha() else " "
        before = char
    return text.lower().split()


def role_of_name(name: str) -> str:
    """ "production", "staging", "development", "test", or "" if the name says nothing."""
    found = words(name)
    for role, marks in (
        ("test", TEST),
        ("development", DEVELOPMENT),
        ("staging", STAGING),
        ("production", PRODUCTION),
    ):
        if any(word in marks for word in found):
            # "deploy-dev" is development; "production.local" too.
            return role
    return ""


def role_of_path(path: str) -> str:
    """What a file's path says of its use: its own name first, then the nearest directory."""
    for part in reversed(path.split("/")):
        role = "test" if part == ".github" else role_of_name(part)
        if role:
            return role
    return ""


def is_aside(path: str) -> bool:
    """Whether a directory of the path is one for tests, examples, templates or documentation."""
    return any(
        part.lower() in ASIDE or "{{" in part or part in ("project_name", "project_template")
        for part in path.split("/")
    )


def role_of_module(module: str) -> str:
    """What the dotted name of a settings module says of its use.

    The last part decides; the parts between it and the top-level package are asked next
    ("config.production.settings"). The top-level package is the project's own name.
    """
    parts = module.split(".")
    for part in reversed(parts[1:] if len(parts) > 1 else parts):
        role = role_of_name(part)
        if role:
            return role
    return ""
