"""Postmortems: every version is kept, a review moves the document on, and signatures complete it."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from failonce.model.errors import Conflict, NotFound, UsageError
from failonce.model.page import Page
from failonce.model.review import PostmortemVersion, Review, ReviewState, SignOff
from failonce.model.viewer import Role, Stamp, Viewer
from failonce.store import audit, chain, texts
from failonce.store.paging import Order, read_page
from failonce.store.permission import allow, hidden, require
from failonce.store.tables import postmortem_versions, postmortems, sign_offs
from failonce.store.transactions import Transactions

_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
_LONGEST_TITLE = 200


class Postmortems:
    """The postmortems of all incidents."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def page(
        self, viewer: Viewer, *, state: ReviewState | None = None, after: str | None = None, limit: int = 50
    ) -> Page[Review]:
        """Return the postmortems, the most recently written first."""
        query, unseen = select(postmortems), hidden(viewer)
        if unseen is not None:
            query = query.where(postmortems.c.incident_id.not_in(unseen))
        if state is not None:
            query = query.where(postmortems.c.state == state)
        order = Order((postmortems.c.updated_at, postmortems.c.incident_id), descending=True)
        with self._transactions.reading() as connection:
            page = read_page(connection, query, lambda row: row, order=order, window=(after, limit))
            signed = _signatures(connection, [row.incident_id for row in page.items])
        return Page(tuple(_review(row, signed) for row in page.items), page.next, page.total)

    def review(self, viewer: Viewer, incident_id: str) -> Review:
        """Return where an incident's postmortem stands."""
        with self._transactions.reading() as connection:
            return _required(connection, viewer, incident_id)

    def text(self, viewer: Viewer, incident_id: str, version: int | None = None) -> PostmortemVersion:
        """Return one version, the newest when none is asked for."""
        with self._transactions.reading() as connection:
            newest = _required(connection, viewer, incident_id).version
            return _version(connection, incident_id, newest if version is None else version)

    def versions(self, viewer: Viewer, incident_id: str) -> tuple[PostmortemVersion, ...]:
        """Return all versions, newest first, their texts left out."""
        kept = postmortem_versions.c
        query = select(kept.version, kept.written_at, kept.author).where(kept.incident_id == incident_id)
        with self._transactions.reading() as connection:
            _required(connection, viewer, incident_id)
            rows = connection.execute(query.order_by(kept.version.desc())).all()
        return tuple(PostmortemVersion(incident_id, row.version, row.written_at, row.author, "") for row in rows)

    def write(self, incident_id: str, markdown: str, stamp: Stamp, *, based_on: int | None = None) -> PostmortemVersion:
        """Add a version. Raises Conflict when the newest is not the one it is `based_on`; None takes any.

        Writing what stands there already adds nothing.
        """
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            require(connection, stamp.by, incident_id)
            newest = _newest(connection, incident_id)
            if newest is not None and newest.markdown == markdown:
                return newest
            number = newest.version + 1 if newest else 1
            mine = PostmortemVersion(incident_id, number, stamp.at, stamp.by.name, markdown)
            if based_on is not None and newest is not None and newest.version != based_on:
                raise _conflict(mine, newest)
            return add(connection, mine, stamp)

    def redraft(self, incident_id: str, markdown: str, stamp: Stamp) -> PostmortemVersion | None:
        """Add failonce's own draft, unless a person has written since: then change nothing and return None."""
        with self._transactions.reading() as connection:
            newest = _newest(connection, incident_id)
        if newest is not None and newest.author != stamp.by.name:
            return None
        try:
            return self.write(incident_id, markdown, stamp, based_on=newest.version if newest else None)
        except Conflict:
            return None

    def move(self, incident_id: str, state: ReviewState, stamp: Stamp, *, revision: int) -> Review:
        """Move the review on or back. Completing it takes a signature under the newest version."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            review = _unchanged(_required(connection, stamp.by, incident_id), revision, state)
            is_signed = any(s.version == review.version for s in review.sign_offs)
            if state is ReviewState.COMPLETED and not is_signed:
                raise UsageError(
                    f"Nobody has signed version {review.version} of the postmortem of {incident_id}.",
                    hint="Read it and sign it, then complete it.",
                )
            return _changed(connection, stamp, review, act="postmortem.moved", state=state)

    def plan(self, incident_id: str, agenda: str, stamp: Stamp, *, revision: int) -> Review:
        """Write the agenda of the meeting."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            review = _unchanged(_required(connection, stamp.by, incident_id), revision, agenda)
            return _changed(connection, stamp, review, act="postmortem.planned", agenda=agenda)

    def sign(self, incident_id: str, version: int, stamp: Stamp) -> Review:
        """Give one's word that a version is right. Only the newest can be signed."""
        allow(stamp.by, Role.EDITOR)
        with self._transactions.writing() as connection:
            review = _required(connection, stamp.by, incident_id)
            if version != review.version:
                raise Conflict(
                    f"Version {version} of the postmortem of {incident_id} is not the newest.",
                    hint=f"Read version {review.version} and sign that.",
                    mine=version,
                    theirs=review.version,
                )
            if any(s.version == version and s.person == stamp.by.name for s in review.sign_offs):
                return review
            row = {"incident_id": incident_id, "version": version, "person": stamp.by.name, "signed_at": stamp.at}
            connection.execute(insert(sign_offs).values(row))
            audit.record(connection, stamp, "postmortem.signed", of=incident_id, version=version)
            return _required(connection, stamp.by, incident_id)


def add(connection: Connection, new: PostmortemVersion, stamp: Stamp) -> PostmortemVersion:
    """Add a version, within a transaction. A completed document that is written again is in review again."""
    values: dict[str, Any] = {
        "title": title_of(new.markdown),
        "version": new.version,
        "updated_at": new.written_at,
    }
    if new.version == 1:
        state = {"incident_id": new.incident_id, "state": ReviewState.DRAFT, "agenda": "", "revision": 1}
        connection.execute(insert(postmortems).values({**state, **values}))
    else:
        mine = postmortems.c.incident_id == new.incident_id
        connection.execute(update(postmortems).where(mine).values(values))
        completed = (mine, postmortems.c.state == ReviewState.COMPLETED)
        reopened = {"state": ReviewState.IN_REVIEW, "revision": postmortems.c.revision + 1}
        connection.execute(update(postmortems).where(*completed).values(reopened))
    connection.execute(insert(postmortem_versions).values(version_row(new)))
    digest = chain.digest(new.markdown)
    audit.record(connection, stamp, "postmortem.written", of=new.incident_id, version=new.version, hash=digest)
    texts.gather(connection, new.incident_id)
    return new


def version_row(version: PostmortemVersion) -> dict[str, Any]:
    """Return the row of a version."""
    return {name: getattr(version, name) for name in ("incident_id", "version", "written_at", "author", "markdown")}


def title_of(markdown: str) -> str:
    """Return the document's first heading."""
    found = _HEADING.search(markdown)
    return (found[1] if found else "Postmortem")[:_LONGEST_TITLE]


def _required(connection: Connection, viewer: Viewer, incident_id: str) -> Review:
    require(connection, viewer, incident_id)
    row = connection.execute(select(postmortems).where(postmortems.c.incident_id == incident_id)).first()
    if row is None:
        raise NotFound(
            f"Incident {incident_id} has no postmortem yet.",
            hint="failonce watch writes it once the target has recovered; a person may write it any time.",
        )
    return _review(row, _signatures(connection, [incident_id]))


def _signatures(connection: Connection, incident_ids: list[str]) -> dict[str, tuple[SignOff, ...]]:
    query = select(sign_offs).where(sign_offs.c.incident_id.in_(incident_ids)).order_by(sign_offs.c.signed_at)
    found: dict[str, tuple[SignOff, ...]] = {}
    for row in connection.execute(query):
        found[row.incident_id] = (
            *found.get(row.incident_id, ()),
            SignOff(row.version, row.person, row.signed_at),
        )
    return found


def _review(row: Row[Any], signed: dict[str, tuple[SignOff, ...]]) -> Review:
    return Review(
        incident_id=row.incident_id,
        title=row.title,
        state=ReviewState(row.state),
        version=row.version,
        updated_at=row.updated_at,
        agenda=row.agenda,
        sign_offs=signed.get(row.incident_id, ()),
        revision=row.revision,
    )


def _newest(connection: Connection, incident_id: str) -> PostmortemVersion | None:
    kept = postmortem_versions
    query = select(kept).where(kept.c.incident_id == incident_id).order_by(kept.c.version.desc()).limit(1)
    row = connection.execute(query).first()
    return PostmortemVersion(*row) if row else None


def _version(connection: Connection, incident_id: str, version: int) -> PostmortemVersion:
    kept = postmortem_versions
    query = select(kept).where(kept.c.incident_id == incident_id, kept.c.version == version)
    row = connection.execute(query).first()
    if row is None:
        numbers = select(kept.c.version).where(kept.c.incident_id == incident_id).order_by(kept.c.version)
        names = ", ".join(str(number) for number in connection.execute(numbers).scalars())
        raise NotFound(f"Incident {incident_id} has no postmortem version {version}.", hint=f"Versions kept: {names}")
    return PostmortemVersion(*row)


def _unchanged(review: Review, revision: int, mine: object) -> Review:
    if review.revision != revision:
        raise Conflict(
            f"Somebody moved the postmortem of {review.incident_id} meanwhile: it is {review.state}.",
            hint="Look at it as it is now, then decide again.",
            mine=mine,
            theirs=review,
        )
    return review


def _changed(connection: Connection, stamp: Stamp, review: Review, *, act: str, **values: Any) -> Review:
    mine = postmortems.c.incident_id == review.incident_id
    connection.execute(update(postmortems).where(mine).values(**values, revision=review.revision + 1))
    audit.record(connection, stamp, act, of=review.incident_id, **{key: str(value) for key, value in values.items()})
    return _required(connection, stamp.by, review.incident_id)


def _conflict(mine: PostmortemVersion, theirs: PostmortemVersion) -> Conflict:
    return Conflict(
        f"{theirs.author} wrote version {theirs.version} of the postmortem of {theirs.incident_id} meanwhile.",
        hint=f"Bring both together, then save on top of version {theirs.version}.",
        mine=mine,
        theirs=theirs,
    )
