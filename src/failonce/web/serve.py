"""Serve the pages: bind, say where, and run until told to stop."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import uvicorn

from failonce.app.pages.desk import Desk
from failonce.model.errors import CannotLook, UsageError
from failonce.web.application import application


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen. Beyond this machine only when told, and then behind TLS."""

    host: str = "127.0.0.1"
    port: int = 8765
    certificate: str | None = None
    key: str | None = None

    @property
    def is_here(self) -> bool:
        """Tell whether nobody but this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def address(self) -> str:
        """The first page's address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}/"


def serve(desk: Desk, place: Place, say: Callable[[str], None]) -> None:
    """Serve until stopped. On the first start `say` tells the link that makes the first admin."""
    if bool(place.certificate) != bool(place.key):
        raise UsageError("TLS takes a certificate and its key.", hint="Give both: --certificate FILE --key FILE")
    secret = desk.book.accounts.first_link(datetime.now(UTC))
    app = application(desk)
    config = uvicorn.Config(
        app,
        host=place.host,
        port=place.port,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    server = uvicorn.Server(config)
    app.state.streams.is_closing = lambda: server.should_exit
    try:
        listening = config.bind_socket()
    except SystemExit as problem:
        raise CannotLook(
            f"Nothing can listen at {place.address}: another program does, or this address is not this machine's.",
            hint="Take another port: --port 8766",
        ) from problem
    # Without it the second half of an answer waits 40 ms for the first one's receipt. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Whoever follows the link at once waits in line instead of being refused.
    listening.listen()
    # Port 0 means: any that is free.
    place = replace(place, port=listening.getsockname()[1])
    say(place.address)
    if secret:
        say(f"{place.address}welcome/{secret}")
    server.run(sockets=[listening])
