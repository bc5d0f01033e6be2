"""An application without HTTP: finds the page, lends it a connection, and turns what goes wrong into a status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, quote, urlsplit

import psycopg
from psycopg_pool import PoolTimeout

from failonce.lab.webapp.cache import Cache
from failonce.lab.webapp.page import Missing, Page, Refused, Visit
from failonce.lab.webapp.pool import Connection, Pool, Tagged
from failonce.lab.webapp.release import Release
from failonce.lab.webapp.sample import Sample
from failonce.lab.webapp.third_party import ThirdParty


@dataclass(frozen=True, slots=True)
class Answer:
    route: str
    status: int
    body: object = None


class Site:
    """The application: answers requests from any number of threads."""

    def __init__(self, sample: Sample, release: Release, pool: Pool, third_party: ThirdParty) -> None:
        self._sample, self._release = sample, release
        self._pool, self._third_party = pool, third_party
        self._cache = Cache(0.0 if release.caches_nothing else sample.cached_s)
        self._kept: list[Connection] = []

    def warm_up(self) -> None:
        """Put into the cache what visitors will ask for at once."""
        for target in self._sample.warm_up if self._cache.keeps else ():
            self.answer("GET", target)

    def answer(self, method: str, target: str) -> Answer:
        """Return the answer; its route is the page's, so that all recipes count as one."""
        url = urlsplit(target)
        for page in self._sample.pages:
            place = page.path.fullmatch(url.path)
            if place and page.method == method:
                return self._render(page, {**dict(parse_qsl(url.query)), **place.groupdict()})
        return Answer("none", 404)

    def _render(self, page: Page, parameters: dict[str, str]) -> Answer:
        database = partial(self._statements, page.route)
        try:
            visit = Visit(parameters, self._release, database, self._third_party.get, self._cache.get)
            return Answer(page.route, 200, page.render(visit))
        except Missing:
            return Answer(page.route, 404)
        except Refused as reason:
            return Answer(page.route, 409, str(reason))
        except PoolTimeout:
            return Answer(page.route, 504, "no connection became free")
        except psycopg.OperationalError:
            # Cancelled, or the server went away.
            return Answer(page.route, 503, "the database gave no answer")
        except psycopg.Error as error:
            return Answer(page.route, 500, type(error).__name__)

    @contextmanager
    def _statements(self, route: str) -> Iterator[Tagged]:
        comment = tag(self._sample.name, route, self._release.name)
        if route in (self._release.keeps_connections_on, self._release.keeps_idle_connections_on):
            # Held in a list, so that Python does not close it: a leak as people really write it.
            self._kept.append(self._pool.getconn())
            if route == self._release.keeps_connections_on:
                self._kept[-1].execute("begin")
            yield Tagged(self._kept[-1], comment)
            return
        with self._pool.connection() as connection:
            yield Tagged(connection, comment)


def tag(application: str, route: str, release: str) -> str:
    """Return the sqlcommenter comment, percent signs doubled as psycopg wants them beside parameters."""
    where = quote(route, safe=":")
    return f"/*application='{application}',route='{where}',release='{release}'*/".replace("%", "%%")
