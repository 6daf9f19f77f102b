"""What the service loads when it starts."""

import subprocess
import sys


def test_the_service_loads_no_solver() -> None:
    """NumPy and SciPy, a third of its memory, come with the first release and not before."""
    asked = "import sys, api.app; print(*sorted({'numpy', 'scipy'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", asked], check=True, stdout=subprocess.PIPE, text=True
    )
    assert done.stdout.split() == []
