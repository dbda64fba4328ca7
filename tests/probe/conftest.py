"""The shop of the tests, made once."""

from __future__ import annotations

import pytest
from serving import Ground, ground


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return ground(tmp_path_factory.mktemp("shop"))
