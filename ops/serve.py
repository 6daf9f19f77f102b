"""Serving the API."""

from __future__ import annotations

import socket

import uvicorn

from api.settings import Settings


class PortError(Exception):
    """The port cannot be listened on; the text says what to do."""


def check_port(host: str, port: int) -> None:
    """Make sure that the port is free, before anything that takes time is begun.

    Raises:
        PortError: something else listens there, or this user may not.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            message = (
                f"Port {port} on {host} cannot be used ({error.strerror}): give another --port."
            )
            raise PortError(message) from None


def serve(settings: Settings, factory: str = "api.app:create_app") -> None:
    """Serve until interrupted; what is under way is finished first, for at most five seconds."""
    uvicorn.run(
        factory,
        factory=True,
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )
