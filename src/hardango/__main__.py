"""`python -m hardango`."""

import sys

# `-m` looks for modules in the current directory first, and in a stranger's project that can be
# a yaml.py or a json.py.
if not sys.flags.safe_path:
    del sys.path[0]

from hardango.cli import run

run()
