"""What the service asks of Python itself."""

import gc
import sys
from typing import Final

_SWITCH_SECONDS: Final = 0.0005


def take_turns() -> None:
    """Let the threads of this process take turns ten times as often as they do of themselves.

    While one of them reads a file, every answer of the database waits for a turn, several times in
    each statement: at 5 ms a turn the chunk that is read holds up the chunk that is stored.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)


def keep_what_is_loaded() -> None:
    """Look no more for garbage among what is in memory now: modules, the schema, the policy.

    Python would go through all of it again and again while many small things come and go; that was
    a third of the processor time of a delivery.
    """
    gc.collect()
    gc.freeze()
