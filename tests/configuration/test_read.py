"""What a configuration may say, and how what is wrong is said."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.configuration import BadConfiguration
from hardango.configuration.calendar import is_date
from hardango.configuration.find import find
from hardango.configuration.keys import KINDS, TABLES
from hardango.configuration.model import Configuration
from hardango.configuration.read import read, said, said_topology

Write = Callable[[Mapping[str, str]], Path]
ROOT = "/project"


def configured(text: str) -> Configuration:
    return read(f"{ROOT}/hardango.toml", text, ROOT)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('settings = "conf.production"', "settings", ["conf.production"]),
        ('settings = ["a.b", "a.c", "a.b"]', "settings", ["a.b", "a.c"]),
        ("closed-env = true", "closed-env", True),
        ("closed-env = false", "closed-env", False),
        ('django = "5.2"', "django", (5, 2)),
        ('django = "5.2.1"', "django", (5, 2)),
        ('fail-on = "never"', "fail-on", "never"),
        ('min-severity = "info"', "min-severity", "info"),
        ('control = "hsts"', "control", ["hsts"]),
        ('exclude = ["hsts", "debug"]', "exclude", ["hsts", "debug"]),
        ("no-ignores = true", "no-ignores", True),
    ],
)
def test_values(text: str, key: str, value: object) -> None:
    assert configured(text).values == {key: value}


def test_environment() -> None:
    found = configured('env-file = "deploy/../prod.env"\n[env]\nDEBUG = "0"\n"X" = ""\n')
    assert found.variables == {"DEBUG": ("0", 3), "X": ("", 4)}
    assert os.path.abspath(found.env_file) == f"{ROOT}/prod.env"
    assert found.values == {}


def test_topology() -> None:
    found = configured(
        '[deployment]\ntls = "proxy"\nredirect = "django"\nhosts = "proxy"\n'
        'headers = ["Strict-Transport-Security"]\nscheme-header = "X-Forwarded-Proto"\n'
        'proxies = 2\nuser-header = "X-User"\n'
        'logins = "proxy"\nhealth-check = "/up"\n'
    ).topology
    assert found.headers == {"strict-transport-security"}
    assert (found.tls, found.redirect, found.hosts, found.proxies) == (
        "proxy", "django", "proxy", 2,
    )  # fmt: skip
    assert found.place is not None and found.place.line == 1
    assert said_topology(found) == [
        "a proxy ends TLS", "Django redirects to HTTPS", "the proxy checks the host",
        "the proxy sends strict-transport-security",
        "the proxy tells the scheme in X-Forwarded-Proto", "2 proxies",
        "the proxy names the user in X-User", "the proxy limits logins",
        "/up is asked over plain HTTP",
    ]  # fmt: skip


def test_ignores() -> None:
    dated, other = configured(
        '[[ignore]]\ncontrol = "hsts"\nreason = "soon"\nuntil = 2027-01-31\nfile = "a/*.py"\n'
        '[[ignore]]\ncontrol = "debug"\nreason = "why"\nuntil = "2027-01-31"\nabout = "DEBUG"\n'
    ).rules
    assert (dated.control, dated.pattern, dated.ignored.until) == ("hsts", "a/*.py", "2027-01-31")
    assert (other.about, other.ignored.reason, other.ignored.until) == (
        "DEBUG", "why", "2027-01-31",
    )  # fmt: skip
    assert (dated.ignored.place.line, other.ignored.place.line) == (1, 6)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("\nfial-on = 'high'", 2, "did you mean 'fail-on'?"),
        ("xyz = 1", 1, "there are settings, env"),
        ("fail-on = 1", 1, "fail-on takes a text, not a number"),
        ("fail-on = 'hgih'", 1, "did you mean 'high'?"),
        ("fail-on = 'xyz'", 1, "it is 'critical', 'high', 'medium', 'low', 'info' or 'never'"),
        ("min-severity = 'never'", 1, "min-severity cannot be 'never'"),
        ("closed-env = 'yes'", 1, "closed-env takes true or false, not this text"),
        ("django = 5.2", 1, 'such as "5.2"'),
        ("django = 'five'", 1, 'such as "5.2"'),
        ("settings = []", 1, "settings takes a text or a list of texts"),
        ("settings = ['a', 1]", 1, "settings takes a text or a list of texts"),
        ("exclude = ['hsts',\n'hst']", 1, "no control 'hst'; did you mean 'hsts'?"),
        ("control = 'xyz'", 1, "no control 'xyz'"),
        ("env = {A = 1}", 1, 'a table of texts (DEBUG = "0")'),
        ("env-file = '../../x.env'", 1, "leads out of the repository"),
        ("env-file = '/etc/passwd'", 1, "leads out of the repository"),
        ("baseline = '../known.json'", 1, "leads out of the repository"),
        ("deployment = 1", 1, "deployment is no table"),
        ("[deployment]\ntls = 'prox'", 2, "did you mean 'proxy'?"),
        ("[deployment]\nproxies = -1", 2, "a number from 0 to 99"),
        ("[deployment]\nproxies = true", 2, "a number from 0 to 99, not true or false"),
        ("[deployment]\nhealth-check = 'up'", 2, 'starts with "/"'),
        ("[deployment]\nscheme-header = 'X Forwarded'", 2, "the name of a header"),
        ("[deployment]\nheaders = ['A-B', 'C: D']", 2, "the name of a header, or a list of names"),
        ("[deployment]\nheaders = 3", 2, "the name of a header, or a list of names"),
        ("[deployment]\ntsl = 'proxy'", 2, "no key 'tsl' in deployment; did you mean 'tls'?"),
        ("[deployment]\ntls = 'none'\nredirect = 'proxy'", 3, "there is no HTTPS to redirect to"),
        ("[deployment]\nredirect = 'django'\ntls = 'none'", 2, 'contradicts tls = "none"'),
        ("[deployment]\ntls = 'none'\nscheme-header = 'X-Scheme'", 3, "no scheme to tell"),
        ("[ignore]\ncontrol = 'hsts'", 1, "write [[ignore]]"),
        ("[[ignore]]\nreason = 'x'", 1, "ignore needs 'control'"),
        ("\n[[ignore]]\ncontrol = 'hsts'", 2, "ignore needs 'reason'"),
        ("[[ignore]]\ncontrol = 'hsts'\nreason = ' '", 3, "reason takes a reason in words"),
        ("[[ignore]]\ncontrol = 'hst'\nreason = 'x'", 2, "did you mean 'hsts'?"),
        ("[[ignore]]\ncontrol='hsts'\nreason='x'\nuntil='2027-02-30'", 4, "a day that exists"),
        ("[[ignore]]\ncontrol='hsts'\nreason='x'\nuntil=2027-01-01T00:00:00", 4, "a day that"),
        ("x = [", 1, "this is no TOML"),
        ("a = 1\na = 2", 2, "this is no TOML"),
        ("[tool.hardango]\nfail-on = 'high'", 1, "without [tool.hardango]"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(BadConfiguration) as raised:
        configured(text)
    message = str(raised.value)
    assert f"hardango.toml:{line}: " in message
    assert says in message
    assert "\n" not in message


def test_what_is_said_of_a_configuration_leaves_out_what_is_overruled() -> None:
    found = configured(
        "fail-on = 'never'\nexclude = ['hsts', 'debug']\npedantic = true\nclosed-env = false\n"
        "django = '5.2'\n[env]\nTOKEN = 'abc'\n[[ignore]]\ncontrol = 'csrf-cookie-secure'\n"
        "reason = 'x'\n"
    )
    assert said(found, frozenset()) == [
        "fail-on never", "exclude hsts, debug", "pedantic", "django 5.2", "env TOKEN",
        "ignore csrf-cookie-secure",
    ]  # fmt: skip
    assert said(found, frozenset({"fail-on", "exclude", "no-ignores"})) == [
        "pedantic", "django 5.2", "env TOKEN",
    ]  # fmt: skip


def test_roles_of_a_proof() -> None:
    text = "[access.roles]\neditor = { staff = true, permissions = 'blog.change_post' }\nplain = {}"
    roles = {"editor": {"staff": True, "permissions": ["blog.change_post"]}, "plain": {}}
    assert configured(text).values["access"]["roles"] == roles


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[access.roles]\neditor = { staff = 'yes' }", "roles takes a table of roles"),
        ("[access.roles]\neditor = { permission = [] }", "roles takes a table of roles"),
        ("[access.roles]\nstaff = {}", "roles takes a table of roles"),
        ("[access]\nroles = ['editor']", "roles takes a table of roles"),
        ("[access]\nrole = {}", "did you mean 'roles'?"),
    ],
)
def test_roles_that_are_none(text: str, wrong: str) -> None:
    with pytest.raises(BadConfiguration, match=re.escape(wrong)):
        configured(text)


@pytest.mark.parametrize(
    ("text", "exists"),
    [
        ("2027-01-31", True), ("2024-02-29", True), ("2000-02-29", True),
        ("2027-02-29", False), ("1900-02-29", False), ("2027-13-01", False),
        ("2027-00-10", False), ("2027-01-00", False), ("2027-1-31", False), ("2027-01-32", False),
        ("", False), ("tomorrow", False), ("0000-01-01", False), ("²027-01-31", False),
    ],
)  # fmt: skip
def test_days(text: str, exists: bool) -> None:
    assert is_date(text) is exists


def test_every_key_has_a_kind_and_says_what_it_is() -> None:
    for name, keys in TABLES.items():
        for key in keys:
            assert key.kind in {*KINDS, "table", "tables"}, f"{name} {key.name}"
            assert key.says and key.name == key.name.lower()
            assert key.kind not in ("table", "tables") or key.name in TABLES


# -- whatever the text is --------------------------------------------------------------------------

NAMES = [key.name for keys in TABLES.values() for key in keys] + ["tool", "hardango", "x"]
SCALARS = st.one_of(
    st.sampled_from([
        "true", "1", "-7", "1.5", "inf", '""', '"hsts"', '"high"', '"proxy"', '"/up"', "2027-01-31",
        '"2027-02-30"', "10:00:00", '"5.2"', '"../x"', '"a\\u0000b"', "[]", "{}", '"é"', "'''\n'''",
    ]),
    st.integers().map(str),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=2).map(
            lambda items: "{" + ", ".join(f"{k} = {v}" for k, v in items.items()) + "}"
        ),
    ),
    max_leaves=4,
)
LINES = st.one_of(
    st.tuples(st.sampled_from(NAMES), VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    st.sampled_from(NAMES).map(lambda name: f"[{name}]"),
    st.sampled_from(NAMES).map(lambda name: f"[[{name}]]"),
    st.text(max_size=12),
)


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_any_text_is_a_configuration_or_one_clear_error(text: str) -> None:
    try:
        found: Any = said(configured(text), frozenset())
    except BadConfiguration as error:
        found = str(error)
    assert isinstance(found, list) or "hardango.toml:" in found


@given(st.binary(max_size=80))
def test_any_bytes_are_a_configuration_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    directory = tmp_path_factory.getbasetemp() / "any"
    directory.mkdir(exist_ok=True)
    (directory / "pyproject.toml").write_bytes(b"[tool.hardango]\n" + data)
    message = "pyproject.toml:"
    try:
        find(str(directory))
    except BadConfiguration as error:
        message = str(error)
    assert "pyproject.toml:" in message
