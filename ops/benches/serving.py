"""`python -m ops.benches.serving FACTORY` serves an application as `ops/run` serves the service."""

from __future__ import annotations

import sys

from api.settings import load
from ops.serve import serve

if __name__ == "__main__":
    serve(load(), sys.argv[1])
