"""OAuth over HTTPS."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Variable
from hardango.settings.environment import Environment
from hardango.settings.evaluate import evaluate

NAME = "OAUTHLIB_INSECURE_TRANSPORT"
START = "import os\nDEBUG = False\n"
WRITTEN = f"os.environ['{NAME}'] = '1'\n"


@pytest.mark.parametrize(
    ("text", "given", "verdict", "applies"),
    [
        ("", {}, Verdict.PASS, False),
        (f"X = os.environ.get('{NAME}')\n", {}, Verdict.PASS, False),
        (f"os.environ['{NAME}'] = ''\n", {}, Verdict.PASS, False),
        (f"if DEBUG:\n    {WRITTEN}", {}, Verdict.PASS, False),
        (f"{WRITTEN}del os.environ['{NAME}']\n", {}, Verdict.PASS, False),
        ("os.environ['OTHER'] = '1'\n", {}, Verdict.PASS, False),
        ("", {NAME: ""}, Verdict.PASS, False),
        (WRITTEN, {}, Verdict.FAIL, True),
        (f"os.environ.setdefault('{NAME}', '1')\n", {NAME: None}, Verdict.CONDITIONAL, True),
        ("", {NAME: "0"}, Verdict.FAIL, True),
        (f"if os.environ.get('SITE') != 'live':\n    {WRITTEN}", {}, Verdict.CONDITIONAL, True),
    ],
)  # fmt: skip
def test_where_it_is_set(judged, write, text, given, verdict: Verdict, applies: bool) -> None:
    root = str(write({"settings.py": START + text}))
    closed = Environment.of({name: value for name, value in given.items() if value is not None})
    settings = evaluate("settings", root=root, import_roots=(root,), environment=closed)
    finding = judged("oauthlib-transport", settings)
    assert (finding.verdict, finding.applies) == (verdict, applies), finding.message
    if verdict is not Verdict.PASS:
        assert finding.severity is Severity.HIGH


def test_its_place(judged, write) -> None:
    root = str(write({"settings.py": START + WRITTEN}))
    settings = evaluate("settings", root=root, import_roots=(root,))
    assert judged("oauthlib-transport", settings).place == Place("settings.py", 3)
    root = str(write({"settings.py": START}))
    variable = Variable(NAME, "1", Place("Dockerfile", 7))
    settings = evaluate(
        "settings", root=root, import_roots=(root,), environment=Environment.of({NAME: "1"})
    )
    finding = judged(
        "oauthlib-transport", settings, deployment=Deployment(variables={NAME: variable})
    )
    assert finding.place == Place("Dockerfile", 7)
