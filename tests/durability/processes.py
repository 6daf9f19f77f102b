"""The API as a process of its own, to be killed; and a client's view of whether it is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from ops.folders import ROOT

PATIENCE_SECONDS = 30.0


@dataclass
class Api:
    """The API on a port of the loopback address, served by `uvicorn` in a process of its own."""

    environment: dict[str, str]
    port: int
    log: Path
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers to every login role.

        Raises:
            RuntimeError: it did not come up.
        """
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
        command = [sys.executable, "-m", "uvicorn", "api.app:create_app", "--factory"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--no-access-log"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**inherited, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait()

    def wait(self) -> None:
        """Wait until it is ready: every pool reaches the database.

        Raises:
            RuntimeError: that did not come.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        with httpx.Client(base_url=self.url, timeout=5) as client:
            while self._process is not None and self._process.poll() is None:
                if _ready(client):
                    return
                if time.monotonic() > deadline:
                    break
                time.sleep(0.02)
        message = f"the API did not become ready; its log is {self.log}"
        raise RuntimeError(message)

    def kill(self) -> None:
        """Kill it without a warning; one that is gone is fine."""
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=PATIENCE_SECONDS)


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False  # nobody listens yet


@contextmanager
def api_process(environment: dict[str, str], port: int, log: Path) -> Iterator[Api]:
    """Run the API while the block runs."""
    api = Api(environment, port, log)
    api.start()
    try:
        yield api
    finally:
        api.kill()  # quicker than asking, and nothing is lost by it
