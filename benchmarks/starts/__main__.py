"""`python benchmarks/starts`: audits what well-known templates make, and writes docs/projects/.

The templates are fetched in the versions that are pinned here, and only what Hardango finds is kept.
Ends with 2 if one of them could not be had.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from typing import Any, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY

from benchmarks.truth.collect import CannotCollect, collect  # noqa: E402
from benchmarks.truth.pip import pip  # noqa: E402
from benchmarks.truth.projects import read_projects  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "truth")
PAGES = os.path.join(REPOSITORY, "docs", "projects")
MADE = "<!-- Made by `python3 dev.py bench starts`: change benchmarks/starts there. -->"

COOKIECUTTER = "cookiecutter==2.7.1"
TEMPLATE = "https://github.com/cookiecutter/cookiecutter-django"
RELEASE = "2026.8.18"
ANSWERS = ("project_name=My site", "use_docker=y")


class Start(NamedTuple):
    """One page: `projects` names the entries of benchmarks/truth that it is made of, or is empty for
    cookiecutter-django; `options` are those of the audit."""

    page: str
    title: str
    about: str
    projects: tuple[str, ...]
    options: tuple[str, ...] = ()


STARTS = (
    Start(
        "startproject",
        "A fresh startproject",
        "What `django-admin startproject mysite` makes is meant for a developer's machine, and Django "
        "says so in its comments. It is audited as it is: nothing else tells how production runs.",
        ("startproject-5.2", "startproject-6.1"),
    ),
    Start(
        "wagtail",
        "wagtail start",
        "What `wagtail start mysite` makes has settings of its own for production, but its wsgi.py loads "
        "those of development unless a variable says otherwise. So they are judged with `--settings "
        "mysite.settings.production`. They import a `local.py` that is not in the repository and could "
        "override everything, which is why so much is not known; where a weakness stands below, "
        "it holds unless that file mends it.",
        ("wagtail-start",),
        ("--settings", "mysite.settings.production"),
    ),
    Start(
        "cookiecutter-django",
        "cookiecutter-django",
        f"[cookiecutter-django]({TEMPLATE}) {RELEASE}, with Docker and the first choice of everything "
        "else, as it would be committed: the variables of production are in files that git ignores.",
        (),
    ),
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/starts", description=__doc__)
    parser.add_argument("--only", metavar="PAGE", choices=[each.page for each in STARTS])
    parser.add_argument("--cookiecutter-django", metavar="DIRECTORY",
                        help=f"a checkout of release {RELEASE}, instead of cloning one")  # fmt: skip
    parser.add_argument("--cache", default=CACHE, help="where downloads are kept")
    options = parser.parse_args(arguments)
    failed = False
    for start in STARTS:
        if options.only not in (None, start.page):
            continue
        try:
            text = page(start, options.cache, options.cookiecutter_django)
        except CannotCollect as problem:
            print(f"{start.page}: {problem}", file=sys.stderr)
            failed = True
            continue
        os.makedirs(PAGES, exist_ok=True)
        with open(os.path.join(PAGES, f"{start.page}.md"), "w", encoding="utf-8") as file:
            file.write(text)
        print(f"written: docs/projects/{start.page}.md")
    return 2 if failed else 0


# -- having them -----------------------------------------------------------------------------------


def trees(start: Start, cache: str, checkout: str | None) -> list[tuple[str, str, tuple[str, ...]]]:
    """What is audited: a title, the directory, further options. Raises CannotCollect."""
    if not start.projects:
        return [("", rendered(checkout or cloned(cache), cache), start.options)]
    named = {each.name: each for each in read_projects()}
    found = []
    for name in start.projects:
        project = named[name]
        package, _, version = project.requirement.partition("==")
        options = (
            (*start.options, "--django", project.django) if package == "django" else start.options
        )
        found.append((f"{package.capitalize()} {version}", collect(project, cache), options))
    return found


def cloned(cache: str) -> str:
    """A clone of the release."""
    target = os.path.join(cache, "clones", f"cookiecutter-django-{RELEASE}")
    if not os.path.isdir(target):
        command = ["git", "clone", "--quiet", "--depth", "1", "--branch", RELEASE, TEMPLATE, target]
        if subprocess.run(command).returncode:
            raise CannotCollect(f"git could not clone {TEMPLATE}")
    return target


# The template's hook asks uv, in a container, to copy requirements into pyproject.toml, and to lock
# them. This does the first, and downloads nothing.
UV = """#!/usr/bin/env python3
import re, sys
from pathlib import Path
if "add" in sys.argv and "--dev" not in sys.argv:
    def read(path):
        for line in path.read_text().splitlines():
            line = line.partition("#")[0].strip()
            if line.startswith("-r "):
                yield from read(path.parent / line[3:])
            elif line:
                yield line
    names = ", ".join(f'"{each}"' for each in read(Path(sys.argv[-1])))
    file = Path("pyproject.toml")
    text, done = re.subn(r"(?m)^dependencies = \\[[^\\]]*\\]", f"dependencies = [{names}]", file.read_text())
    if not done:
        text = text.replace("[project]\\n", f"[project]\\ndependencies = [{names}]\\n", 1)
    file.write_text(text)
"""


def rendered(checkout: str, cache: str) -> str:
    """What the template makes of the answers. Its hooks run; docker and uv are stand-ins."""
    tools = os.path.join(cache, "cookiecutter")
    if not os.path.isdir(tools):
        command = [*pip(), "install", "--quiet", "--target", tools, COOKIECUTTER]
        if subprocess.run(command).returncode:
            raise CannotCollect(f"pip could not install {COOKIECUTTER}")
    target = os.path.join(cache, "trees", "cookiecutter-django")
    shutil.rmtree(target, ignore_errors=True)
    path = os.path.join(target, "bin")
    os.makedirs(path)
    for name in ("docker", "uv"):
        with open(os.path.join(path, name), "w", encoding="utf-8") as file:
            file.write(UV)
        os.chmod(os.path.join(path, name), 0o755)
    environment = {**os.environ, "PYTHONPATH": tools, "HOME": target,
                   "PATH": f"{path}{os.pathsep}{os.environ.get('PATH', '')}"}  # fmt: skip
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "--output-dir", target, checkout]
    done = subprocess.run([*command, *ANSWERS], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CannotCollect(f"cookiecutter failed:\n{done.stdout}{done.stderr}")
    made = os.path.join(target, "my_site")
    # Only what would be committed: the secrets that the template makes are ignored by git.
    for command in (["git", "init", "--quiet"], ["git", "clean", "--quiet", "-fdX"]):
        if subprocess.run(command, cwd=made).returncode:
            raise CannotCollect("git could not tell what would be committed")
    return made


# -- the page --------------------------------------------------------------------------------------


def page(start: Start, cache: str, checkout: str | None) -> str:
    """The whole page. Raises CannotCollect."""
    parts = [MADE, f"# {start.title}", start.about]
    for title, tree, options in trees(start, cache, checkout):
        report = audited(tree, options)
        judged = [each for each in report["findings"] if each["judged"] and each["applies"]]
        weak = [each for each in judged if each["verdict"] in ("fail", "conditional")]
        unknown = [each for each in judged if each["verdict"] == "unknown"]
        passed = len(judged) - len(weak) - len(unknown)
        parts += [f"## {title}"] if title else []
        parts.append(
            f"`{report['module']}`: grade **{report['grade']}** ({report['score']}/100), "
            f"{len(weak)} weaknesses, {len(unknown)} not known, {passed} pass."
        )
        if weak:
            rows = ["| severity | control | what | where |", "| --- | --- | --- | --- |"]
            parts.append("\n".join([*rows, *map(_weakness, weak)]))
        if unknown:
            parts.append("Not known from the files alone:")
            parts.append(
                "\n".join(f"- {_link(each)}: {_text(each['message'])}" for each in unknown)
            )
    return "\n\n".join(parts) + "\n"


def audited(tree: str, options: tuple[str, ...]) -> Any:
    """The report on a tree. Raises CannotCollect."""
    command = [sys.executable, "-m", "hardango", "audit", tree, "--format", "json", *options]
    environment = {**os.environ, "PYTHONPATH": os.path.join(REPOSITORY, "src")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise CannotCollect(done.stderr.strip())
    return json.loads(done.stdout)


def _weakness(finding: Any) -> str:
    what = _text(finding["message"])
    if finding["when"]:
        what += f", when {_text(' and '.join(finding['when']))}"
    place = finding["location"]
    where = f"`{place['file']}:{place['line']}`" if place else ""
    return f"| {finding['severity']} | {_link(finding)} | {what} | {where} |"


def _link(finding: Any) -> str:
    return f"[{finding['control']}](../controls/{finding['control']}.md)"


def _text(said: str) -> str:
    return re.sub(r"([\\`*_|<\[])", r"\\\1", said)


if __name__ == "__main__":
    sys.exit(main())
