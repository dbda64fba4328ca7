"""What start scripts are understood to do."""

from __future__ import annotations

import pytest

from hardango.findings import Place
from hardango.project.model import Variable
from hardango.project.shell import Started, expand, follow_argv, follow_script

SCRIPTS = {
    "start.sh": "#!/bin/sh\nexport MODE=web\nexec gunicorn shop.wsgi\n",
    "entrypoint.sh": '#!/bin/sh\nexport FROM_ENTRYPOINT=1\nexec "$@"\n',
    "env.sh": "export SOURCED=yes\n",
}


def find(word: str) -> tuple[str, str] | None:
    name = word.rpartition("/")[2]
    return (name, SCRIPTS[name]) if name in SCRIPTS else None


def follow(text: str, **variables: str) -> list[Started]:
    place = Place("Dockerfile", 1)
    known = {name: Variable(name, value, place) for name, value in variables.items()}
    return follow_script(text, "run.sh", find, known)


@pytest.mark.parametrize(
    "command, server, target",
    [
        ("gunicorn shop.wsgi", "gunicorn", "shop.wsgi"),
        ("gunicorn shop.wsgi:application -b :8000", "gunicorn", "shop.wsgi"),
        ("gunicorn -w 4 -b 0.0.0.0:8000 shop.wsgi", "gunicorn", "shop.wsgi"),
        ("exec poetry run gunicorn --bind :$PORT shop.wsgi --log-file -", "gunicorn", "shop.wsgi"),
        ("python -m gunicorn 'shop.wsgi:get_app()'", "gunicorn", "shop.wsgi"),
        ("uvicorn shop.asgi:application --host 0.0.0.0", "uvicorn", "shop.asgi"),
        ("daphne -b 0.0.0.0 -p 8000 shop.asgi:application", "daphne", "shop.asgi"),
        ("hypercorn --bind :8000 shop.asgi:application", "hypercorn", "shop.asgi"),
        ("granian --interface asgi shop.asgi:application", "granian", "shop.asgi"),
        ("uwsgi --http :8000 --module shop.wsgi:application", "uwsgi", "shop.wsgi"),
        ("uwsgi --wsgi-file=shop/wsgi.py", "uwsgi", "shop/wsgi.py"),
        ("newrelic-admin run-program gunicorn shop.wsgi", "gunicorn", "shop.wsgi"),
        ("tini -- gosu app /venv/bin/gunicorn shop.wsgi", "gunicorn", "shop.wsgi"),
        ("python manage.py migrate && gunicorn shop.wsgi", "gunicorn", "shop.wsgi"),
        ("sh -c 'sleep 1; gunicorn shop.wsgi'", "gunicorn", "shop.wsgi"),
        ("python manage.py runserver 0.0.0.0:8000", "runserver", None),
        ("gunicorn $APP", "gunicorn", None),
        ("./start.sh", "gunicorn", "shop.wsgi"),
    ],
)
def test_servers(command: str, server: str, target: str | None) -> None:
    last = follow(command)[-1].launch
    assert (last.server, last.target, last.web) == (server, target, True)


@pytest.mark.parametrize(
    "command",
    [
        "echo starting gunicorn shop.wsgi",
        "pip install gunicorn",
        "apt-get install -y uwsgi",
        "pkill gunicorn",
        "# gunicorn shop.wsgi",
        "cat <<EOF\ngunicorn shop.wsgi\nEOF\n",
        "X='gunicorn shop.wsgi'",
    ],
)
def test_a_name_is_not_a_start(command: str) -> None:
    assert follow(command) == []


@pytest.mark.parametrize(
    "text, value",
    [
        ("export A=1", "1"),
        ("A=1\nexport A", "1"),
        ("export A='x y'", "x y"),
        ('export A="x $B"', "x b"),
        ("export A=${B:-other}", "b"),
        ("export A=${MISSING:-other}", "other"),
        ("export A=${MISSING:-${ALSO:-deep}}", "deep"),
        ("export A=$(cat /run/secret)", None),
        ("export A=$MISSING", None),
        ("A=1 true", "absent"),
        ("A=1", "absent"),
        ("if [ -f x ]; then export A=1; fi", "absent"),
        ('if [ "$B" = "b" ]; then export A=1; else export A=2; fi', "1"),
        ('if [ "$B" != "b" ]; then export A=1; else export A=2; fi', "2"),
        ('case "$B" in a) export A=1;; b|c) export A=2;; *) export A=3;; esac', "2"),
        ("f() { export A=1; }\nf", "1"),
        ("f() { export A=1; }", "absent"),
        ("true || export A=1", "absent"),
        (". ./env.sh\nexport A=$SOURCED", "yes"),
        ("export A=1; unset A", "absent"),
        ("for x in 1 2; do export A=$x; done", "absent"),
    ],
)
def test_variables(text: str, value: str | None) -> None:
    started = follow(text + "\ngunicorn shop.wsgi", B="b")[-1]
    known = started.variables.get("A")
    if "A" in started.unsure or known is None:
        assert value == "absent"
    else:
        assert known.value == value


def test_a_default_of_a_variable_is_marked() -> None:
    started = follow("export A=${X:-1} B=2\ngunicorn shop.wsgi")[-1]
    assert started.variables["A"].default
    assert not started.variables["B"].default


def test_a_prefix_counts_for_its_command_only() -> None:
    first, second = follow("A=1 gunicorn one.wsgi\ngunicorn two.wsgi")
    assert first.variables["A"].value == "1"
    assert "A" not in second.variables


def test_an_entrypoint_runs_its_arguments() -> None:
    (started,) = follow_argv(("/entrypoint.sh", "gunicorn", "shop.wsgi"), Place("D", 9), find)
    assert started.launch.target == "shop.wsgi"
    assert started.variables["FROM_ENTRYPOINT"].value == "1"
    assert str(started.place) == "D:9"


def test_a_command_in_an_undecided_branch_is_not_sure() -> None:
    started = follow('if [ "$X" = 1 ]; then gunicorn a.wsgi; else gunicorn b.wsgi; fi')
    assert [(each.launch.target, each.sure) for each in started] == [
        ("a.wsgi", False),
        ("b.wsgi", False),
    ]


def test_settings_on_the_command_line() -> None:
    (started,) = follow("python manage.py runserver --settings=shop.settings.dev")
    assert started.launch.module == "shop.settings.dev"
    (started,) = follow("gunicorn -e DJANGO_SETTINGS_MODULE=shop.prod shop.wsgi")
    assert started.variables["DJANGO_SETTINGS_MODULE"].value == "shop.prod"


def test_expand() -> None:
    known = {"A": Variable("A", "1", Place(".env", 1))}
    assert expand("x-$A-${A}-$$A", known) == ("x-1-1-$A", False)
    assert expand("${B:-2}", known) == ("2", True)
    assert expand("$B", known) == (None, False)


@pytest.mark.parametrize(
    "text",
    ["(" * 5000, "if " * 5000, "$(" * 5000, "'", '"', "${", "case", "f() {", "<<", "f() { f; }; f",
     "while", "`", "\\", "for x", ";;", "{ " * 5000],
)  # fmt: skip
def test_broken_scripts_end(text: str) -> None:
    follow(text)
