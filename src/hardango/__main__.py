"""`python -m hardango`."""

from hardango.cli import run

run()
