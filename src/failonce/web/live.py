"""Live pages: a stream of server-sent events that says when to ask for the page again, and nothing else.

What a page shows comes with the page, which asks who may see it; a stream only tells that it changed, and only to
whoever may see the change. One look a second serves all streams, and none is taken while there is no stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from failonce.app.pages.changes import mark_of_incident, mark_of_now
from failonce.app.pages.desk import Desk
from failonce.model.errors import CannotLook, FailonceError, NotFound
from failonce.model.viewer import Viewer

#: Streams at once, of all people and of one: a browser's tabs. Whoever gets none asks now and then instead.
MOST, MOST_OF_ONE = 200, 12
_LOOK_S = 1.0
#: A page is not asked for more often than it could be read.
_PAUSE_LOOKS = 2
#: After so many looks without news a word is sent: proxies close what is silent.
_BEAT_LOOKS = 15

_BEGIN, _BEAT = "retry: 3000\n\n", ": still here\n\n"
CHANGED = "event: changed\ndata: ask again\n\n"
#: The session has ended, the incident may no longer be seen, or the server stops.
OVER = "event: over\ndata: ask once more\n\n"


@dataclass(eq=False)
class _Stream:
    """One browser's tab that listens."""

    who: str
    #: Whose session it is now; None once it has ended.
    viewer: Callable[[], Viewer | None]
    #: The page's mark for a viewer. Raises NotFound.
    mark: Callable[[Viewer], str]
    known: str
    words: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    #: Looks since the last word.
    silent: int = 0

    def news(self) -> str | None:
        """Return what is to be said after a look; None when there is nothing."""
        self.silent += 1
        viewer = self.viewer()
        if viewer is None:
            return OVER
        if self.silent >= _PAUSE_LOOKS:
            try:
                found = self.mark(viewer)
            except NotFound:
                return OVER
            if found != self.known:
                self.known, self.silent = found, 0
                return CHANGED
        if self.silent >= _BEAT_LOOKS:
            self.silent = 0
            return _BEAT
        return None


class Streams:
    """All open streams, and the one task that looks for them."""

    def __init__(self) -> None:
        """Begin without a stream."""
        self._open: set[_Stream] = set()
        self._looking: asyncio.Task[None] | None = None
        #: Tells whether the server stops: an open stream would keep it from that.
        self.is_closing: Callable[[], bool] = lambda: False

    @property
    def is_looking(self) -> bool:
        """Tell whether anything is looked at each second."""
        return self._looking is not None

    def has_room_for(self, who: str) -> bool:
        """Tell whether somebody may open one more."""
        return len(self._open) < MOST and sum(stream.who == who for stream in self._open) < MOST_OF_ONE

    async def words(self, stream: _Stream) -> AsyncIterator[str]:
        """Yield what a stream says, until it is over or nobody listens."""
        self._open.add(stream)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            yield _BEGIN
            while True:
                word = await stream.words.get()
                yield word
                if word is OVER:
                    return
        finally:
            self._open.discard(stream)

    async def _look(self) -> None:
        try:
            while self._open:
                await asyncio.sleep(_LOOK_S)
                listening = tuple(self._open)
                if self.is_closing():
                    told: list[str | None] = [OVER] * len(listening)
                else:
                    told = await run_in_threadpool(_news, listening)
                for stream, word in zip(listening, told, strict=True):
                    # Whoever does not read finds one word waiting, not a queue of them.
                    if word is not None and (word is OVER or stream.words.empty()):
                        stream.words.put_nowait(word)
        finally:
            self._looking = None


def _news(streams: Sequence[_Stream]) -> list[str | None]:
    return [_news_of(stream) for stream in streams]


def _news_of(stream: _Stream) -> str | None:
    # A database that cannot be reached for a while ends no stream: the next look tries again.
    with suppress(CannotLook):
        return stream.news()
    return None


async def now(request: Request) -> Response:
    """Tell when *Now* changes."""
    desk: Desk = request.app.state.desk
    return await _stream(request, lambda viewer: mark_of_now(desk, viewer, datetime.now(UTC)))


async def incident(request: Request) -> Response:
    """Tell when an incident's page changes."""
    desk, incident_id = request.app.state.desk, request.path_params["id"]
    return await _stream(request, lambda viewer: mark_of_incident(desk, viewer, incident_id))


async def _stream(request: Request, mark: Callable[[Viewer], str]) -> Response:
    def whose() -> Viewer | None:
        found: Viewer | None = request.app.state.viewer_of(request)
        return found

    def begun() -> tuple[Viewer, str] | None:
        viewer = whose()
        return (viewer, mark(viewer)) if viewer else None

    try:
        found = await run_in_threadpool(begun)
    except FailonceError as problem:
        return PlainTextResponse(str(problem), status_code=404 if isinstance(problem, NotFound) else 503)
    streams: Streams = request.app.state.streams
    if found is None:
        return PlainTextResponse("Log in first.", status_code=401)
    viewer, known = found
    if not streams.has_room_for(viewer.name):
        return PlainTextResponse("Too many streams; ask now and then.", status_code=503)
    stream = _Stream(viewer.name, whose, mark, known)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(streams.words(stream), media_type="text/event-stream", headers=headers)


ROUTES = (Route("/events", now), Route("/incidents/{id}/events", incident))
