"""Where a key stands in a TOML file."""

from __future__ import annotations

import pytest

from hardango.configuration.lines import line_of

TEXT = '''\
[project]
name = "shop"
description = """
[tool.hardango]
fail-on = "in a text"
"""

[tool.hardango]  # the configuration
fail-on = "high"
"closed-env" = true
deployment.tls = "proxy"
env = { DEBUG = "0" }

[[tool.hardango.ignore]]
control = "hsts"

[[ tool . hardango . "ignore" ]]
control = "csp"
reason = \'\'\'
control = "in a text"
\'\'\'

[tool.hardango-other]
fail-on = "low"
'''


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ((), 8),
        (("fail-on",), 9),
        (("closed-env",), 10),
        (("deployment", "tls"), 11),
        (("deployment",), 11),
        (("env", "DEBUG"), 12),  # in a table on one line: that line
        (("ignore", 0), 14),
        (("ignore", 0, "control"), 15),
        (("ignore", 1, "control"), 18),
        (("ignore", 1, "reason"), 19),
        (("ignore", 7), 14),
        (("missing",), 8),
    ],
)
def test_line(keys: tuple[str | int, ...], line: int) -> None:
    assert line_of(TEXT, ("tool", "hardango", *keys)) == line


@pytest.mark.parametrize("text", ["", "x", "= 1", '"""', "[tool"])
def test_a_line_is_always_named(text: str) -> None:
    assert line_of(text, ("tool", "hardango")) == 1
