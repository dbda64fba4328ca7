"""How Sphinx builds the site: `python3 dev.py site`. The pages are the Markdown files beside this."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "hardango" / "__init__.py"

project = "Hardango"
project_copyright = "Hardango contributors"
(release,) = re.findall(r'__version__ = "([^"]+)"', SOURCE.read_text(encoding="utf-8"))

extensions = ["myst_parser"]
exclude_patterns = ["generate.py"]
myst_heading_anchors = 4
highlight_language = "none"

# Fonts are the reader's own, and search works in the browser: a page asks no other host for
# anything (tests/docs/test_site.py).
html_theme = "furo"
html_title = f"Hardango {release}"
html_show_sourcelink = False
html_copy_source = False
# Quotes and dashes in a message are those of the program.
smartquotes = False

# The pages that stand below another one in the list of contents.
BELOW = {"controls": "controls/*", "architecture": "decisions/*"}


def with_contents(app: Any, name: str, source: list[str]) -> None:
    """Add a list of contents, which a reader on a code host need not see."""
    if name in BELOW:
        source[0] += f"\n```{{toctree}}\n:hidden:\n:glob:\n\n{BELOW[name]}\n```\n"


def setup(app: Any) -> None:
    app.connect("source-read", with_contents)
