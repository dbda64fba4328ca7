"""What the image that production runs is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hardango.project import Project
from hardango.project.dockerfile import (
    Image,
    deployed_stage,
    instructions,
    placed_by,
    read_images,
)
from hardango.project.tree import Tree

Find = Callable[[Mapping[str, str]], Project]
Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def image(write: Write) -> Callable[..., Image]:
    def image(text: str, **more: str) -> Image:
        tree = Tree(str(write({"Dockerfile": text, "manage.py": "", "app/x.py": "", **more})))
        found = deployed_stage(read_images(tree, "Dockerfile"))
        assert found is not None
        return found

    return image


@pytest.mark.parametrize(
    "text, value",
    [
        ("ENV A=1", "1"),
        ("ENV A 1 2", "1 2"),
        ('ENV A="x y" B=2', "x y"),
        ("ENV B=2 \\\n    A=1", "1"),
        ("ENV B=2 \\\n    # why\n    A=1", "1"),
        ("ARG X=1\nENV A=$X", "1"),
        ("ARG X\nENV A=${X:-1}", "1"),
        ("ARG X\nENV A=$X", None),
        ("ENV B=1\nENV A=$B-${B}", "1-1"),
        ("ENV A=1\nENV A=2", "2"),
        ("env A=1", "1"),
    ],
)
def test_variables(image: Callable[..., Image], text: str, value: str | None) -> None:
    assert image("FROM python:3.12\n" + text).variables["A"].value == value


def test_the_line_of_each_variable(image: Callable[..., Image]) -> None:
    found = image("FROM python:3.12\nENV A=1 \\\n    B=2\n").variables
    assert [str(each.place) for each in found.values()] == ["Dockerfile:2", "Dockerfile:3"]


def test_a_stage_has_what_its_parents_set(image: Callable[..., Image]) -> None:
    found = image(
        "ARG V=3.12\nFROM python:$V AS base\nENV A=1\nCMD gunicorn a.wsgi\n"
        "FROM node AS front\nENV B=2\nFROM base\nENV C=3\n"
    )
    assert sorted(found.variables) == ["A", "C"]
    assert found.python == (3, 12)
    assert found.command is not None


@pytest.mark.parametrize(
    "stages, stage",
    [
        ("base runtime", "runtime"),
        ("base production dev", "production"),
        ("base production test", "production"),
        ("final final-dev", "final"),
        ("production worker", "production"),
        ("base dev", "dev"),
    ],
)
def test_the_stage_that_is_deployed(image: Callable[..., Image], stages: str, stage: str) -> None:
    text = "".join(f"FROM python:3.12 AS {each}\n" for each in stages.split())
    assert image(text).stage == stage


@pytest.mark.parametrize(
    "text, path, repository",
    [
        ("WORKDIR /code\nCOPY . .", "app/x.py", "app/x.py"),
        ("COPY . /code/", "/code/app/x.py", "app/x.py"),
        ("COPY app /srv/app", "/srv/app/x.py", "app/x.py"),
        ("COPY manage.py /srv/", "/srv/manage.py", "manage.py"),
        ("COPY manage.py /srv/run", "/srv/run", "manage.py"),
        ('COPY ["manage.py", "/srv/"]', "/srv/manage.py", "manage.py"),
        ("COPY --chown=a:a --from=b /x/app /srv/app", "/srv/app/x.py", "app/x.py"),
        ("COPY . /code", "/elsewhere/x.py", None),
    ],
)
def test_where_files_are(
    image: Callable[..., Image], text: str, path: str, repository: str | None
) -> None:
    found = image("FROM python AS b\nCOPY . /x\nFROM python:3.12\n" + text)
    assert found.repository_path(path) == repository


def test_heredocs_and_comments_are_no_instructions() -> None:
    text = "FROM a\nRUN <<EOF\nENV A=1\nEOF\n# ENV B=2\nENV C=3\n"
    assert [each.name for each in instructions(text)] == ["FROM", "RUN", "ENV"]


@pytest.mark.parametrize(
    "text, line",
    [
        ('CMD ["gunicorn", "shop.wsgi"]', "Dockerfile:6"),
        ("CMD gunicorn shop.wsgi", "Dockerfile:6"),
        ('ENTRYPOINT ["gunicorn", "shop.wsgi"]', "Dockerfile:6"),
        ('ENTRYPOINT ["/app/start.sh"]', "start.sh:2"),
        ("CMD ./start.sh", "start.sh:2"),
        ('ENTRYPOINT ["/app/wait.sh", "db"]\nCMD ["gunicorn", "shop.wsgi"]', "Dockerfile:7"),
    ],
)
def test_what_the_container_starts(split: Find, text: str, line: str) -> None:
    deployment = split(
        {
            "Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY . .\n"
            f"ENV DJANGO_SETTINGS_MODULE=shop.settings.production\nENV A=1\n{text}\n",
            "start.sh": "#!/bin/sh\nexec gunicorn shop.wsgi\n",
            "wait.sh": '#!/bin/sh\nshift\nexec "$@"\n',
        }
    ).deployment
    point = next(each for each in deployment.entry_points if each.kind == "Dockerfile")
    assert (str(point.place), point.server) == (line, "gunicorn")
    assert deployment.module == "shop.settings.production"
    assert deployment.variables["A"].value == "1"


@pytest.mark.parametrize("name", ["Dockerfile.dev", "docker/local/Dockerfile", "test.Dockerfile"])
def test_images_for_developers_say_nothing_of_production(split: Find, name: str) -> None:
    deployment = split({name: "FROM python:3.12\nCOPY . /app\nENV A=1\nCMD gunicorn shop.wsgi\n"})
    assert deployment.deployment.variables == {}


def test_an_image_of_something_else_is_not_ours(split: Find) -> None:
    deployment = split({"Dockerfile": "FROM nginx\nCOPY . /www\nENV A=1\n"}).deployment
    assert deployment.variables == {}


WHOLE = "FROM python:3.12\nWORKDIR /app\nCOPY . /app\n"


@pytest.mark.parametrize(
    "text, placed",
    [
        (WHOLE + "COPY deploy/prod.py /app/app/local.py", {"app/local.py": "deploy/prod.py"}),
        (WHOLE + "COPY deploy/prod.py app/", {"app/prod.py": "deploy/prod.py"}),
        (WHOLE + "COPY deploy/prod.py app/x.py", {"app/x.py": "deploy/prod.py"}),
        (WHOLE + "RUN set -e; \\\n cp -f deploy/prod.py app/local.py", {"app/local.py": "deploy/prod.py"}),
        (WHOLE + "RUN cd app && mv ../deploy/prod.py local.py && ls", {"app/local.py": "deploy/prod.py"}),
        (WHOLE + "RUN ln -s /app/deploy/prod.py app/", {"app/prod.py": "deploy/prod.py"}),
        (WHOLE + "COPY deploy/ app/", {"app/prod.py": "deploy/prod.py"}),
        ("FROM python:3.12\nCOPY deploy/prod.py /app/app/local.py\nCOPY . /app", {"app/local.py": "deploy/prod.py"}),
        # The repository's own file is copied over it afterwards.
        ("FROM python:3.12\nCOPY deploy/prod.py /app/app/x.py\nCOPY . /app", {}),
        (WHOLE + "COPY deploy/prod.py /app/deploy/prod.py", {}),
        (WHOLE + "COPY deploy/prod.py /etc/prod.py", {}),
        (WHOLE + "COPY app /app/app", {}),
        (WHOLE + "COPY app deploy ./", {}),
        (WHOLE + "RUN cp deploy/none.py app/local.py", {}),
        (WHOLE + "RUN cp $X app/local.py && cp a b c", {}),
        (WHOLE + "RUN echo cp deploy/prod.py app/local.py", {}),
        ("FROM python:3.12\nCOPY deploy/prod.py /app/local.py", {}),
    ],
)  # fmt: skip
def test_files_that_stand_elsewhere_in_the_image(
    write: Write, text: str, placed: dict[str, str]
) -> None:
    files = {"Dockerfile": text, "app/x.py": "", "deploy/prod.py": ""}
    tree = Tree(str(write(files)))
    image = deployed_stage(read_images(tree, "Dockerfile"))
    assert image is not None
    found = placed_by(tree, image.copies)
    assert {file: copy.source for file, copy in found.items()} == placed
