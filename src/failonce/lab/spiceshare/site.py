"""SpiceShare without HTTP: finds the page, lends it a connection, and turns what goes wrong into a status."""

from __future__ import annotations

import http.client
import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, quote, urlsplit

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from failonce.lab.spiceshare.pages import PAGES, Missing, Page, Row, Visit
from failonce.lab.spiceshare.releases import Release

POOL_SIZE = 10
POOL_TIMEOUT_S = 2.0
_NUTRITION_TIMEOUT_S = 3.0

Connection = psycopg.Connection[Row]


@dataclass(frozen=True, slots=True)
class Answer:
    route: str
    status: int
    body: object = None


class Site:
    """The application: answers requests from any number of threads."""

    def __init__(self, release: Release, pool: ConnectionPool[Connection], nutrition: Nutrition) -> None:
        self._release = release
        self._pool = pool
        self._nutrition = nutrition
        self._kept: list[Connection] = []

    def answer(self, method: str, target: str) -> Answer:
        """Return the answer; its route is the page's, so that all recipes count as one."""
        url = urlsplit(target)
        for page in PAGES:
            place = page.path.fullmatch(url.path)
            if place and page.method == method:
                return self._render(page, {**dict(parse_qsl(url.query)), **place.groupdict()})
        return Answer("none", 404)

    def _render(self, page: Page, parameters: dict[str, str]) -> Answer:
        database = partial(self._statements, page.route)
        try:
            return Answer(page.route, 200, page.render(Visit(parameters, self._release, database, self._nutrition.of)))
        except Missing:
            return Answer(page.route, 404)
        except PoolTimeout:
            return Answer(page.route, 504, "no connection became free")
        except psycopg.OperationalError:
            # Cancelled, or the server went away.
            return Answer(page.route, 503, "the database gave no answer")
        except psycopg.Error as error:
            return Answer(page.route, 500, type(error).__name__)

    @contextmanager
    def _statements(self, route: str) -> Iterator[Tagged]:
        comment = tag(route, self._release.name)
        if self._release.keeps_connections and "favourite" in route:
            # Held in a list, so that Python does not close it: a leak as people really write it.
            self._kept.append(self._pool.getconn())
            self._kept[-1].execute("begin")
            yield Tagged(self._kept[-1], comment)
            return
        with self._pool.connection() as connection:
            yield Tagged(connection, comment)


class Tagged:
    """Runs statements that say, first of all, which route and release they come from."""

    def __init__(self, connection: Connection, comment: str) -> None:
        self._connection = connection
        self._comment = comment

    def rows(self, sql: str, **parameters: str) -> list[Row]:
        statement = f"{self._comment} {' '.join(sql.split())}"
        return self._connection.execute(statement.encode(), parameters).fetchall()


def tag(route: str, release: str) -> str:
    """Return the sqlcommenter comment, percent signs doubled as psycopg wants them beside parameters."""
    return f"/*application='spiceshare',route='{quote(route, safe=':')}',release='{release}'*/".replace("%", "%%")


class Nutrition:
    """The client of the nutrition service; keeps its connections open between requests."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc
        self._idle: queue.LifoQueue[http.client.HTTPConnection] = queue.LifoQueue()

    def of(self, recipe_id: str) -> Row | None:
        """Return what the service knows, None when it does not answer: a recipe is worth showing without."""
        connection = self._connection()
        try:
            connection.request("GET", f"/recipes/{recipe_id}")
            known: Row = json.load(connection.getresponse())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return None
        self._idle.put(connection)
        return known

    def _connection(self) -> http.client.HTTPConnection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return http.client.HTTPConnection(self._host, timeout=_NUTRITION_TIMEOUT_S)


def open_pool(dsn: str) -> ConnectionPool[Connection]:
    """Return a full pool of connections."""
    pool = ConnectionPool(
        dsn,
        connection_class=Connection,
        min_size=POOL_SIZE,
        max_size=POOL_SIZE,
        timeout=POOL_TIMEOUT_S,
        # Each statement is its own transaction, planned with its own values, as behind a transaction pooler.
        kwargs={
            "autocommit": True,
            "prepare_threshold": None,
            "row_factory": dict_row,
            "application_name": "spiceshare",
        },
        open=False,
    )
    pool.open(wait=True, timeout=30)
    return pool
