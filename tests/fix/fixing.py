"""A small project in memory, and what `hardango fix` makes of it."""

from __future__ import annotations

from pathlib import Path

from hardango.audit import Request
from hardango.findings import Repairs
from hardango.fix.run import Wish, fix

MANAGE = """\
#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
"""

SOUND = """\
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""


def lay(root: Path, files: dict[str, str], module: str = "site.settings") -> Path:
    """Write a project with a manage.py that names `module`."""
    root.mkdir(parents=True, exist_ok=True)
    for name, text in {"manage.py": MANAGE.format(module=module), **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return root


def fixed(root: Path, *, write: bool = True, only: tuple[str, ...] = (), **wish: object) -> Repairs:
    return fix(
        Request(path=str(root), only=only),
        Wish(write=write, **{"unsafe": True, "dirty": True, **wish}),  # type: ignore[arg-type]
    )


def read(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_bytes().decode()
            for path in sorted(root.rglob("*")) if path.is_file() and ".git" not in path.parts}  # fmt: skip


def mended(root: Path, control: str, text: str, **wish: object) -> str:
    """What becomes of the settings `text` when one finding is mended. A second run changes
    nothing."""
    lay(
        root,
        {"site/__init__.py": "", "site/settings.py": text, "requirements.txt": "Django==6.1\n"},
    )
    fixed(root, only=(control,), **wish)
    after = read(root)
    assert not fixed(root, only=(control,), **wish).repairs
    assert read(root) == after
    return after["site/settings.py"]
