"""Processor time of processes, on a system that tells; elsewhere it counts as none."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")


def seconds_of(process: int | None) -> float:
    """Return the processor time that one process has used, in seconds."""
    return 0.0 if process is None else _read(process)[1]


def seconds_of_children(parent: int) -> float:
    """Return the processor time that all processes of a parent have used, in seconds."""
    found = (_read(int(path.name)) for path in _PROCESSES.glob("[0-9]*"))
    return sum(seconds for started_by, seconds in found if started_by == parent)


def _read(process: int) -> tuple[int, float]:
    """Return who started a process and how many seconds it has used."""
    with suppress(OSError):  # it ended meanwhile
        text = (_PROCESSES / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
        fields = text.rpartition(")")[2].split()
        return int(fields[1]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0, 0.0
