"""The fixture `hardango_site` for the test suite of a Django project:

    def test_protections(hardango_site):
        assert hardango_site.refuted() == []

It is the project with the settings of production, started once for all tests, away from their
database. Nothing is loaded until a test asks for it.

`pytest --hardango-access` adds a test for each method of each route: see `hardango.pytest_access`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hardango.probe.in_process import HardangoSite


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("hardango_project", "the project that hardango_site starts, relative to the "
                  "root of the tests (default: that)", default=".")  # fmt: skip
    parser.getgroup("hardango").addoption(
        "--hardango-access", action="store_true",
        help="ask for every route as every role: a test fails where a guard lets others in",
    )  # fmt: skip


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    if session.config.getoption("hardango_access"):
        from hardango import pytest_access

        path = str(session.config.rootpath / session.config.getini("hardango_project"))
        items += pytest_access.items(session, path)


@pytest.fixture(scope="session")
def hardango_site(pytestconfig: pytest.Config) -> Iterator[HardangoSite]:
    """The project with production's settings, without a server; see
    `hardango.probe.in_process.HardangoSite`."""
    import sys

    from hardango.audit import CannotRead
    from hardango.local.launch import CannotStart
    from hardango.probe.in_process import site

    path = str(pytestconfig.rootpath / pytestconfig.getini("hardango_project"))
    try:
        with site(path, sys.executable) as found:
            yield found
    except (CannotRead, CannotStart) as error:
        pytest.fail("\n".join([f"hardango: {error}", *getattr(error, "lines", ())]), pytrace=False)
