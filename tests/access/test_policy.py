"""access.toml: what is written is read again, what people wrote in it stays, and what is wrong with it
is said with its line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matrices import CHANGE, LOGIN, closed, matrix, open_, route

from hardango.access.policy import BadPolicy, Line, lines_of, load, parsed, renewed, written
from hardango.matrix import Guard, Operation, Reach, Route

SHOP = matrix(
    route("orders/", closed("GET"), Operation("POST", Reach.PERMISSION, CHANGE.permissions, guards=(LOGIN, CHANGE))),
    route("", open_()),
)  # fmt: skip


def test_it_reads_as_it_should() -> None:
    assert renewed("", SHOP).splitlines()[3:] == [
        "schema = 1",
        'source = "static"',
        "routes = [",
        '  { route = "/", view = "shop.views.home", any = "anonymous" },',
        '  { route = "/orders/", view = "shop.views.orders", GET = "authenticated", '
        'POST = "permission: shop.change_order", guards = "login_required + permission_required '
        '#' + lines_of(SHOP)[1].digest + '" },',
        "]",
    ]  # fmt: skip


names = st.text(max_size=12) | st.sampled_from(['"', "\\", "a + b", "x #y", "\x7f", "\x00", "{}", "},", "# no"])  # fmt: skip


@given(patterns=st.lists(names, max_size=4, unique=True), view=names, guard=names)
def test_what_is_written_is_read(patterns: list[str], view: str, guard: str) -> None:
    asked = Operation("GET", Reach.CUSTOM, guards=(Guard(guard or "x", Reach.CUSTOM),))
    whole = matrix(*(Route(each, view, (asked,)) for each in patterns))
    text = renewed("", whole)
    read = parsed(text).lines
    assert [line._replace(number=0) for line in read] == list(map(_clean, lines_of(whole)))
    assert renewed(text, whole) == text


def _clean(line: Line) -> Line:
    """As it is once a file has held it."""
    (facts,) = tomllib.loads(f"x = [{written(line)}]")["x"]
    names = facts.get("guards", "").rpartition(" #")[0].split(" + ")
    return line._replace(
        pattern=facts["route"][1:], view=facts["view"], guards=tuple(filter(None, names))
    )


KEPT = """\
# Ours
schema = 1
source = "static"

routes = [
  # what the world sees
  { route = "/", view = "shop.views.home", any = "anonymous", public = "the front page" }, # agreed
    { route = "/old/", view = "shop.views.old", any = "anonymous", public = "x" }, # why it was

  { route = "/orders/", view = "shop.views.orders", any = "authenticated", guards = "login_required #0" }
]
# the end
"""


def test_what_people_wrote_stays() -> None:
    new = matrix(*SHOP.routes, route("b/", open_()), route("zoo/", open_()))
    digest = lines_of(SHOP)[1].digest
    assert renewed(KEPT, new) == f"""\
# Ours
schema = 1
source = "static"

routes = [
  # what the world sees
  {{ route = "/", view = "shop.views.home", any = "anonymous", public = "the front page" }}, # agreed
    {{ route = "/b/", view = "shop.views.b", any = "anonymous" }},
    # why it was

  {{ route = "/orders/", view = "shop.views.orders", GET = "authenticated", POST = "permission: shop.change_order", guards = "login_required + permission_required #{digest}" }},
  {{ route = "/zoo/", view = "shop.views.zoo", any = "anonymous" }},
]
# the end
"""  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        KEPT,
        KEPT.replace("\n", "\r\n"),
        'schema = 1\nsource = "loaded"\nroutes = []\n',
        'schema = 1\nsource = "loaded"\nroutes = [\n]\n',
    ],
)
def test_written_twice_is_written_once(text: str) -> None:
    once = renewed(text, SHOP)
    assert renewed(once, SHOP) == once
    assert {line.key for line in parsed(once).lines} == {line.key for line in lines_of(SHOP)}
    assert once.count("\r\n") in (0, once.count("\n"))


@pytest.mark.parametrize(
    "change, said",
    [
        (('schema = 1', 'schema = 2'), "access.toml:2: schema is to be 1"),
        (('"static"', '"magic"'), 'access.toml:3: source is to be "static" or "loaded"'),
        (('"the front page"', '""'), "access.toml:7: public needs a reason"),
        (('"the front page"', "true"), "access.toml:7: public is to be a text"),
        (('public = "x"', 'pulbic = "x"'), "access.toml:8: there is no key 'pulbic'; did you mean 'public'?"),
        (('"authenticated"', '"autenticated"'), "did you mean 'authenticated'?"),
        (('route = "/"', 'rout = "/"'), "access.toml:7: route is missing"),
        (('route = "/old/"', 'route = "old/"'), 'access.toml:8: route starts with "/"'),
        (('"/old/", view = "shop.views.old"', '"/", view = "shop.views.home"'), "access.toml:8: line 7 is about"),
        (('# agreed', '# agreed\n<<<<<<< HEAD'), "access.toml:8: a merge was left unfinished"),
        (('"the front page" }', '"the front page"'), "access.toml:7: "),
        (('#0" }\n]', '#0" }]'), "access.toml:10: each route is to stand on a line of its own"),
        (('routes = [', 'extra = 1\nroutes = ['), "access.toml:5: there is no key 'extra' here"),
        (('any = "anonymous", public = "x" },', 'any = "anonymous" }, { route = "/z", view = "z", any = "staff" },'),
         "access.toml:8: each route is to stand on a line of its own"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(change: tuple[str, str], said: str) -> None:
    assert change[0] in KEPT
    with pytest.raises(BadPolicy) as caught:
        parsed(KEPT.replace(*change, 1))
    assert said in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert load(str(tmp_path)) is None
    (tmp_path / "access.toml").write_bytes(b"schema = 1\n# \xff\n")
    with pytest.raises(BadPolicy, match=r"access\.toml:2: this is no UTF-8"):
        load(str(tmp_path))
    (tmp_path / "access.toml").unlink()
    (tmp_path / "access.toml").mkdir()
    with pytest.raises(BadPolicy, match=r"access\.toml: "):
        load(str(tmp_path))


@pytest.mark.parametrize(
    "operations, reaches",
    [
        ((closed("GET"), closed("HEAD"), closed("OPTIONS")), {"GET": "authenticated"}),
        ((closed("GET"), open_("HEAD")), {"GET": "authenticated", "HEAD": "anonymous"}),
        ((open_("GET"), closed("HEAD")), {"GET": "anonymous"}),
        ((closed("POST"), open_("OPTIONS")), {"POST": "authenticated"}),
        ((open_("OPTIONS"),), {"OPTIONS": "anonymous"}),
        ((closed("GET"), open_("GET")), {"GET": "anonymous"}),
    ],
)
def test_a_line_holds_what_tells_something(
    operations: tuple[Operation, ...], reaches: dict[str, str]
) -> None:
    (line,) = lines_of(matrix(route("a/", *operations)))
    assert line.reaches == reaches


@pytest.mark.parametrize(
    "one, other, same",
    [
        (LOGIN, LOGIN, True),
        (LOGIN, LOGIN._replace(answer="403"), True),
        (LOGIN, LOGIN._replace(fingerprint="b"), False),
        (LOGIN, LOGIN._replace(demands=Reach.STAFF), False),
        (CHANGE, CHANGE._replace(permissions=("shop.view_order",)), False),
        (CHANGE, CHANGE._replace(any_of=True), False),
    ],
)
def test_the_digest_changes_when_what_asks_does(one: Guard, other: Guard, same: bool) -> None:
    (first,), (second,) = (
        lines_of(matrix(route("a/", closed("GET", each)))) for each in (one, other)
    )
    assert (first.digest == second.digest) is same


@pytest.mark.parametrize(
    "now, public",
    [
        ((route("b/", open_()),), True),
        ((route("b/", closed()),), True),  # `--check` says that it no longer holds.
        ((route("b/", open_(), view="shop.renamed"),), True),
        ((route("b/", closed(), view="shop.renamed"),), False),
        ((route("b/", open_(), view="shop.x"), route("b/", open_(), view="shop.y")), False),
        ((route("c/", open_()),), False),
    ],
)
def test_a_declaration_goes_to_the_route_that_it_is_about(
    now: tuple[Route, ...], public: bool
) -> None:
    text = renewed("", matrix(route("b/", open_()))).replace(" },", ', public = "prices" },')
    assert any(line.public for line in parsed(renewed(text, matrix(*now))).lines) is public
