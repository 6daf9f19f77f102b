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


def seconds_of_all(parent: int) -> float:
    """Return the processor time of all processes of a parent, those that ended included."""
    return seconds_of_children(parent) + sum(_times(parent)[2:4])


def _read(process: int) -> tuple[int, float]:
    """Return who started a process and how many seconds it has used."""
    times = _times(process)
    return int(times[4]), times[0] + times[1]


def _times(process: int) -> tuple[float, ...]:
    """Return seconds as a user and in the system, those of ended children, and the parent."""
    with suppress(OSError):  # it ended meanwhile
        text = (_PROCESSES / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
        fields = text.rpartition(")")[2].split()
        return (
            *(int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:15]),
            float(fields[1]),
        )
    return 0.0, 0.0, 0.0, 0.0, 0.0
