"""`python -m hardango`."""

import sys

from hardango.cli import main

sys.exit(main())
