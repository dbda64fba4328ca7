"""Dockerfiles: the image of the stage that is deployed.

https://docs.docker.com/reference/dockerfile/
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Mapping

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.patterns import Pattern
from hardango.project.belonging import is_neighbours
from hardango.project.launch import Launch, base_name
from hardango.project.model import Container, Variable
from hardango.project.names import role_of_name
from hardango.project.shell import Find, Started, expand_word, follow_argv, follow_script
from hardango.project.shell_syntax import tokens
from hardango.project.starts import script_text
from hardango.project.tree import Tree, holds, join, parent

_ROOT_IMAGES = Pattern(
    r"((docker\.io/|public\.ecr\.aws/docker/|mirror\.gcr\.io/|registry\.hub\.docker\.com/)?"
    r"(library/)?[^/]+|ghcr\.io/astral-sh/uv\b.*|nvidia/cuda\b.*|tiangolo/.*)$"
)
"""Base images whose process is root: Docker's official ones, whose names have no directory. What
another image's user is, only that image says."""


_COPIES = Pattern(r"\b(cp|mv|ln)\b")


class Command(NamedTuple):
    """CMD or ENTRYPOINT: words in the exec form, a text in the shell form."""

    words: tuple[str, ...]
    text: str | None
    place: Place


class Copy(NamedTuple):
    """A file or directory of the repository in an image: `target` its path there, `place` what
    puts it there."""

    target: str
    source: str
    place: Place


class Image(NamedTuple):
    """What one stage of a Dockerfile makes.

    `copies` are what it has of the repository, later ones win; `python` is the
    version of its base image; `ancestors` names the stages that it is made from; `speaks_python` whether the file installs or runs Python at all; `user` whom its
    process belongs to ("": root, since nothing says otherwise; None: not known).
    """

    file: str
    context: str
    stage: str = ""
    base: str = ""
    variables: Mapping[str, Variable] = {}
    entrypoint: Command | None = None
    command: Command | None = None
    workdir: str = "/"
    copies: tuple[Copy, ...] = ()
    python: tuple[int, int] | None = None
    python_place: Place | None = None
    speaks_python: bool = False
    place: Place = Place("", 1)
    ancestors: tuple[str, ...] = ()
    user: str | None = ""
    user_place: Place | None = None

    def repository_path(self, path: str) -> str | None:
        """The path in the repository of a path in the image; None if it was not copied."""
        path = os.path.normpath(os.path.join(self.workdir, path))
        for target, source, _ in reversed(self.copies):
            if path == target:
                return source
            start = target.rstrip("/") + "/"
            if path.startswith(start):
                rest = path[len(start) :]
                return f"{source}/{rest}" if source else rest
        return None


class Instruction(NamedTuple):
    name: str
    text: str
    line: int


def instructions(text: str) -> list[Instruction]:
    """The instructions of a Dockerfile; comments, continuations and here-documents resolved."""
    found: list[Instruction] = []
    rows = text.replace("\r\n", "\n").split("\n")
    at = 0
    escape = "`" if re.match(r"\s*#\s*escape\s*=\s*`", text) else "\\"
    while at < len(rows):
        begin = at + 1
        row = rows[at].strip()
        at += 1
        if not row or row.startswith(("#", "{%")):
            continue
        parts = []
        while row.endswith(escape) and at < len(rows):
            parts.append(row[:-1])
            row = rows[at].strip()
            at += 1
            while (row.startswith(("#", "{%")) or not row) and at < len(rows):
                row = rows[at].strip()
                at += 1
        parts.append(row)
        whole = " ".join(parts)
        name, _, rest = whole.partition(" ")
        found.append(Instruction(name.upper(), rest.strip(), begin))
        if name.upper() in ("RUN", "COPY", "ADD"):
            for mark in re.findall(r"<<-?[\"']?(\w+)[\"']?", rest):
                while at < len(rows) and rows[at].strip() != mark:
                    at += 1
                at += 1
    return found


def read_images(
    tree: Tree,
    file: str,
    context: str | None = None,
    arguments: Mapping[str, Variable] = {},
    base: str = "",
) -> dict[str, Image]:
    """The images of all stages of a Dockerfile, by name or number, in their order.

    `context` is the build context relative to the root, guessed from what is copied if it is not
    given; `arguments` are build arguments; `base` the project's directory, for the guess.
    """
    key = ("images", file, context, base, tuple(arguments.values()))
    if key not in tree.cache:
        tree.cache[key] = _read_images(tree, file, context, arguments, base)
    images: dict[str, Image] = tree.cache[key]
    return images


def _read_images(
    tree: Tree, file: str, context: str | None, arguments: Mapping[str, Variable], base: str
) -> dict[str, Image]:
    text = tree.read(file)
    if text is None:
        return {}
    rows = instructions(text)
    if context is None:
        context = _guess_context(tree, file, rows, base)
    speaks = re.search(r"\b(python3?|pip3?|uv|poetry|pipenv|manage\.py|gunicorn)\b", text)
    reader = _Reader(tree, file, context, arguments, speaks is not None)
    for row in rows:
        reader.take(row)
    return reader.stages


def deployed_stage(stages: Mapping[str, Image], target: str | None = None) -> Image | None:
    """The stage that is built for production: the last one, as `docker build` has it, unless one
    beside it is named for production, or its own name says development or test."""
    if target is not None and target in stages:
        return stages[target]
    distinct = list({id(image): image for image in stages.values()}.values())
    if not distinct:
        return None
    last = distinct[-1]
    for image in distinct[:-1]:
        named = image.stage in ("production", "prod")
        if named and last.stage and image.stage not in last.ancestors:
            return image
    if role_of_name(last.stage) in ("development", "test"):
        for image in reversed(distinct):
            words = set(re.split(r"\W|_", image.stage.lower()))
            if words & {"production", "prod", "release", "final", "runtime", "deploy"} and (
                role_of_name(image.stage) in ("production", "")
            ):
                return image
    return last


class _Reader:
    def __init__(
        self, tree: Tree, file: str, context: str, arguments: Mapping[str, Variable], speaks: bool
    ) -> None:
        self.tree, self.file, self.context = tree, file, context
        self.given, self.speaks = arguments, speaks
        self.stages: dict[str, Image] = {}
        self.globals: dict[str, Variable] = {}
        self.locals: dict[str, Variable] = {}
        self.image: Image | None = None
        self.name = ""
        self.number = -1
        self.own_command = False

    def take(self, row: Instruction) -> None:
        if row.name == "FROM":
            self.begin(row)
        elif row.name == "ARG":
            self.argument(row)
        elif self.image is not None:
            image = self.image
            match row.name:
                case "ENV":
                    image = image._replace(variables={**image.variables, **self.env(row)})
                case "WORKDIR":
                    path, _ = self.expand(row.text)
                    image = image._replace(
                        workdir=os.path.normpath(os.path.join(image.workdir, path or "/unknown"))
                    )
                case "USER":
                    user, _ = self.expand(row.text)
                    image = image._replace(
                        user=user.strip("\"'").partition(":")[0] if user else None,
                        user_place=Place(self.file, row.line),
                    )
                case "CMD":
                    image = image._replace(command=self.command(row))
                case "ENTRYPOINT":
                    inherited = image.command is not None and not self.own_command
                    image = image._replace(
                        entrypoint=self.command(row),
                        command=None if inherited else image.command,
                    )
                case "COPY" | "ADD":
                    image = image._replace(copies=image.copies + self.copies(row))
                case "RUN" if _COPIES.search(row.text):
                    image = image._replace(copies=image.copies + self.run_copies(row))
            if row.name == "CMD":
                self.own_command = True
            self.image = image
            for key in (self.name, str(self.number)):
                if key:
                    self.stages[key] = image

    def begin(self, row: Instruction) -> None:
        words = [word for word in row.text.split() if not word.startswith("--")]
        base, _ = expand_word(words[0], self.globals) if words else ("", False)
        self.number += 1
        self.name = words[2].lower() if len(words) > 2 and words[1].lower() == "as" else ""
        self.locals = {}
        self.own_command = False
        place = Place(self.file, row.line)
        parent_stage = self.stages.get((base or "").lower())
        if parent_stage is not None:
            self.image = parent_stage._replace(
                stage=self.name,
                place=place,
                ancestors=(*parent_stage.ancestors, parent_stage.stage),
            )
        else:
            version = re.search(r"python[:_-]?(3)\.(\d{1,2})(?!\d)", base or "")
            self.image = Image(
                self.file,
                self.context,
                self.name,
                base or "",
                place=place,
                python=(3, int(version[2])) if version else None,
                python_place=place if version else None,
                speaks_python=self.speaks,
                user="" if base and _ROOT_IMAGES.match(base) else None,
            )
        for key in (self.name, str(self.number)):
            if key:
                self.stages[key] = self.image

    def scope(self) -> dict[str, Variable]:
        known = dict(self.locals)
        if self.image is not None:
            known.update(self.image.variables)
        return known

    def expand(self, raw: str) -> tuple[str | None, bool]:
        return expand_word(raw, self.scope())

    def argument(self, row: Instruction) -> None:
        for token in tokens(row.text):
            name, equals, raw = token.text.partition("=")
            place = Place(self.file, row.line)
            if name in self.given:
                variable = self.given[name]
            elif equals:
                value, _ = expand_word(raw, self.scope() if self.image else self.globals)
                variable = Variable(name, value, place, default=True)
            elif self.image is not None and name in self.globals:
                variable = self.globals[name]
            else:
                continue  # unset, unless whoever builds the image gives it
            (self.globals if self.image is None else self.locals)[name] = variable

    def env(self, row: Instruction) -> dict[str, Variable]:
        place = Place(self.file, row.line)
        words = [token.text for token in tokens(row.text) if token.word]
        found: dict[str, Variable] = {}
        if words and "=" not in words[0]:
            name, _, raw = row.text.partition(" ")
            value, default = self.expand(raw.strip())
            return {name: Variable(name, value, place, default)}
        for word in words:
            name, equals, raw = word.partition("=")
            if equals and re.fullmatch(r"\w+", name):
                value, default = self.expand(raw)
                found[name] = Variable(name, value, self.line_of(row, name), default)
        return found

    def line_of(self, row: Instruction, name: str) -> Place:
        """The line of one variable in an ENV that goes over several."""
        rows = (self.tree.read(self.file) or "").split("\n")
        for at in range(row.line - 1, min(len(rows), row.line + 200)):
            if re.search(rf"(^|\s){re.escape(name)}\s*=", rows[at]):
                return Place(self.file, at + 1)
        return Place(self.file, row.line)

    def command(self, row: Instruction) -> Command:
        import json

        place = Place(self.file, row.line)
        if row.text.startswith("["):
            try:
                words = json.loads(row.text)
            except (ValueError, RecursionError):
                words = None
            if isinstance(words, list) and all(isinstance(word, str) for word in words):
                return Command(tuple(words), None, place)
        return Command((), row.text, place)

    def copies(self, row: Instruction) -> tuple[Copy, ...]:
        assert self.image is not None
        text = row.text
        origin: str | None = None
        while found := re.match(r"--([\w-]+)(?:=(\S+))?\s*", text):
            if found[1] == "from":
                origin = (found[2] or "").lower()
            text = text[found.end() :]
        if text.startswith("["):
            raws = re.findall(r'"((?:[^"\\]|\\.)*)"', text)
        else:
            raws = [token.text for token in tokens(text) if token.word]
        words = [self.expand(raw)[0] for raw in raws]
        if len(words) < 2 or words[-1] is None or any("://" in (word or "") for word in words):
            return ()
        last = words[-1]
        target = os.path.normpath(os.path.join(self.image.workdir, last))
        into = last.endswith(("/", ".")) or len(words) > 2
        found_copies: list[tuple[str, str]] = []
        for word in words[:-1]:
            if word is None:
                continue
            if origin is not None:
                found_copies += self.from_stage(origin, word, target, into)
            else:
                found_copies += self.from_context(word, target, into)
        place = Place(self.file, row.line)
        return tuple(Copy(*each, place) for each in found_copies[:500])

    def run_copies(self, row: Instruction) -> tuple[Copy, ...]:
        """The files of the repository that a RUN copies, moves or links within the image."""
        assert self.image is not None
        image, found = self.image, self.image.copies
        place = Place(self.file, row.line)
        for words in _commands(row.text):
            plain = [expand_word(each, self.scope())[0] for each in words]
            paths = [each for each in plain[1:] if each and not each.startswith("-")]
            if words[0] == "cd" and paths:
                image = image._replace(
                    workdir=os.path.normpath(os.path.join(image.workdir, paths[0]))
                )
            if words[0] not in ("cp", "mv", "ln") or len(paths) != 2 or None in plain:
                continue
            source = image._replace(copies=found).repository_path(paths[0])
            target = os.path.normpath(os.path.join(image.workdir, paths[1]))
            if source not in self.tree.files or (words[0] == "ln" and paths[0][0] != "/"):
                continue
            if paths[1].endswith("/") or image.repository_path(target) in self.tree.directories:
                target = f"{target}/{base_name(paths[0])}"
            found = (*found, Copy(target, source, place))
        return found[len(self.image.copies) :]

    def from_stage(self, origin: str, word: str, target: str, into: bool) -> list[tuple[str, str]]:
        stage = self.stages.get(origin)
        if stage is None:
            return []
        path = os.path.normpath(os.path.join("/", word))
        source = stage.repository_path(path)
        found = []
        if source is not None and (source in self.tree.directories or source in self.tree.files):
            whole = f"{target}/{base_name(path)}" if into and source in self.tree.files else target
            found.append((whole, source))
        start = path.rstrip("/") + "/"
        for image_path, repository, _ in stage.copies:
            if image_path.startswith(start):
                found.append((f"{target}/{image_path[len(start) :]}", repository))
        return found

    def from_context(self, word: str, target: str, into: bool) -> list[tuple[str, str]]:
        source = join(self.context, word.lstrip("/"))
        if source is None:
            return []
        if any(mark in word for mark in "*?["):
            import fnmatch

            directory = parent(source)
            return [
                (f"{target}/{base_name(file)}", file)
                for file in self.tree.files
                if parent(file) == directory and fnmatch.fnmatchcase(file, source)
            ]
        if source in self.tree.files and into:
            return [(f"{target}/{base_name(source)}", source)]
        return [(target, source)]


def _commands(text: str) -> list[list[str]]:
    """The words of each command of a script."""
    found: list[list[str]] = [[]]
    for token in tokens(text):
        if token.word:
            found[-1].append(token.text)
        elif found[-1]:
            found.append([])
    return [each for each in found if each]


def placed_by(tree: Tree, copies: tuple[Copy, ...]) -> dict[str, Copy]:
    """The files that stand elsewhere in an image than in the repository, by the path in the
    repository that their place corresponds to: a settings module that is copied into the package."""
    found: dict[str, Copy] = {}
    for at, copy in enumerate(copies):
        place = _corresponding(tree, copies, copy.target)
        if place is None or holds(copy.source, place):
            continue
        if copy.source in tree.files:
            found[place] = copy
        elif place in tree.directories and not holds(place, copy.source):
            for file in tree.files:
                if file.endswith(".py") and file.startswith(copy.source + "/"):
                    found[place + file[len(copy.source) :]] = copy._replace(source=file)
        for each in [each for each in found if each in tree.files]:
            later = (
                _corresponding(tree, (other,), found[each].target) for other in copies[at + 1 :]
            )
            if any(other is not None for other in later):
                del found[each]
    return found


def _corresponding(tree: Tree, copies: tuple[Copy, ...], target: str) -> str | None:
    """The path in the repository that a path in the image would come from if it were copied with
    the directory around it."""
    for copy in reversed(copies):
        start = copy.target.rstrip("/") + "/"
        if target.startswith(start) and copy.source in tree.directories:
            rest = target[len(start) :]
            return f"{copy.source}/{rest}" if copy.source else rest
    return None


def _guess_context(tree: Tree, file: str, rows: list[Instruction], base: str) -> str:
    """The build context of a Dockerfile that no compose file builds: the directory, from its own
    upwards, that holds the most of what it copies."""
    sources = []
    for row in rows:
        if row.name in ("COPY", "ADD") and "--from=" not in row.text and "[" not in row.text:
            words = [word for word in row.text.split() if not word.startswith("--")]
            sources += [word for word in words[:-1] if "$" not in word and "*" not in word]
    best, score = "", -1
    directory = parent(file)
    alone = is_neighbours(tree, directory)
    while True:
        paths = [join(directory, source.lstrip("/")) for source in sources]
        held = sum(path in tree.files or path in tree.directories for path in paths)
        holds_base = base == directory or base.startswith(directory + "/") or not directory
        # The Dockerfile of another application builds that one, if it copies what is there.
        value = 2 * held + (holds_base and not alone)
        if value > score:
            best, score = directory, value
        if not directory:
            return best
        directory = parent(directory)


def script_finder_of(tree: Tree, image: Image) -> Find:
    """Finds scripts of the project by their path in the image."""

    def find(word: str) -> tuple[str, str] | None:
        candidates = [image.repository_path(word)]
        if "/" in word or word.endswith(".sh"):
            # Copied in a way that could not be followed: the one script of that name.
            same = [each for each in tree.named(base_name(word)) if script_text(tree, each)]
            candidates += same if len(same) == 1 else []
        for file in candidates:
            if file is not None:
                text = script_text(tree, file)
                if text is not None:
                    return file, text
        return None

    return find


def container_of(image: Image, launch: Launch | None = None) -> Container | None:
    """The container that an image makes, with the user that a command in it changes to; None if
    there is no Dockerfile."""
    if not image.place.file:
        return None
    user, place = image.user, image.user_place
    if launch is not None and launch.user is not None:
        user, place = launch.user, None
    elif launch is None and user == "" and (image.entrypoint or image.command):
        # An init that could not be followed may start each service as a user of its own.
        user, place = (
            None,
            (image.command or image.entrypoint or Command((), "", image.place)).place,
        )
    return Container(image.file, user, place, image.place)


def run_image(
    tree: Tree,
    image: Image,
    variables: Mapping[str, Variable] | None = None,
    entrypoint: Command | None = None,
    command: Command | None = None,
    *,
    find: Find | None = None,
) -> list[Started]:
    """What a container of the image starts; `entrypoint` and `command` overrule the image's."""
    find = find or script_finder_of(tree, image)
    if entrypoint is None:
        entrypoint = image.entrypoint
        command = command or image.command
    known = image.variables if variables is None else variables
    if entrypoint is not None and entrypoint.text is not None:
        place = entrypoint.place
        return follow_script(entrypoint.text, place.file, find, known, (), place.line)
    words = entrypoint.words if entrypoint is not None else ()
    if command is None:
        return follow_argv(words, entrypoint.place, find, known) if entrypoint else []
    if command.text is not None:
        place = command.place
        if not words:
            return follow_script(command.text, place.file, find, known, (), place.line)
        words = (*words, "/bin/sh", "-c", command.text)
    else:
        words = (*words, *command.words)
    return follow_argv(words, command.place, find, known)
