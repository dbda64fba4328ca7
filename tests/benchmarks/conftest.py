from __future__ import annotations

import os
import sys

# The harness is run from the repository and is not installed.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
