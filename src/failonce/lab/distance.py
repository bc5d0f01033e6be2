"""A longer way to the server: everything that passes takes as long as it is told.

Run with `python -m failonce.lab.distance HOST PORT`: it prints its own port, and takes lines such as `delay 0.04`, the
seconds that a round trip takes on top.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from pathlib import Path

from failonce.lab.child import Child

_CHUNK_BYTES = 65536


class Distance:
    """The way to a server as the network's owner sees it."""

    def __init__(self, host: str, port: int, *, log_file: Path) -> None:
        self._child = Child(__name__, host, str(port), log_file=log_file)
        #: Where the way begins.
        self.port = int(self._child.greeting)
        self._delay_s = 0.0

    @property
    def delay_s(self) -> float:
        """How much longer a round trip takes."""
        return self._delay_s

    @delay_s.setter
    def delay_s(self, seconds: float) -> None:
        self._child.tell(f"delay {seconds}")
        self._delay_s = seconds

    def close(self) -> None:
        self._child.end()


class _Way:
    """Carries bytes both ways between each caller and the server."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self.delay_s = 0.0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(self._host, self._port)
        with contextlib.suppress(OSError):
            await asyncio.gather(self._direction(reader, there_writer), self._direction(there_reader, writer))
        for end in (writer, there_writer):
            end.close()

    async def _direction(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on each chunk when its time has come: those behind it are on their way meanwhile."""
        clock = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                due_s, chunk = await under_way.get()
                if (rest_s := due_s - clock.time()) > 0:
                    await asyncio.sleep(rest_s)
                if not chunk:
                    break
                writer.write(chunk)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()

        arriving = asyncio.create_task(arrive())
        while True:
            chunk = await reader.read(_CHUNK_BYTES)
            # Half of a round trip's time each way.
            under_way.put_nowait((clock.time() + self.delay_s / 2, chunk))
            if not chunk:
                break
        await arriving


async def _serve(host: str, port: int) -> None:
    way = _Way(host, port)
    server = await asyncio.start_server(way.carry, "127.0.0.1", 0)
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    def listen() -> None:
        for line in sys.stdin:
            way.delay_s = float(line.split()[1])
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=listen, daemon=True).start()
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await ended.wait()


def main() -> None:
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))


if __name__ == "__main__":
    main()
