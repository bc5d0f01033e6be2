"""Rows are deleted from a table that another one refers to, and no index leads back from there.

What it sees
    The statement that took the load deletes from (or changes keys of) a table to which a larger one refers by a foreign
    key that no index serves, and a call touches about as many blocks as that larger table has and many more than the
    table it names. When whole scans of the larger table grew with it, the verdict is confirmed.

Why it matters
    For each row that goes, the server looks for those that refer to it, by reading all of their table. The statement
    names only the small table, and no plan shows the search.

What to do
    Build an index on the referring columns, concurrently. PostgreSQL makes one for the key referred to, never for
    those that refer.

Example
    delete from carts: 53,000 blocks a call; carts has 450, cart_events (cart_id) 17,800 and no index
"""

from collections.abc import Iterator

from failonce.amount import amount
from failonce.diagnose.case import Case, bare
from failonce.diagnose.questions import is_one_statement
from failonce.diagnose.suspect import Suspect
from failonce.diagnose.weigh import Check, weigh
from failonce.model.catalog import ForeignKey, Relation
from failonce.model.diagnosis import Verdict
from failonce.model.failure import FailureKind

ID = "missing-foreign-key-index"
LEAD = "A foreign key without an index"
KIND = FailureKind.SLOW_QUERY
EXPLAINS = frozenset({"unindexed-query", "heavier-query", "missing-index"})
_BLOCK = 8192
#: Blocks of the referring table a call must touch to have read "all" of it, and fewest that are an outage (8 MB).
_WHOLE, _LARGE = 0.3, 1000


def examine(case: Case) -> Verdict:
    """Return whether a delete looks for references without an index."""
    suspect = case.suspect
    if suspect is None:
        return weigh(ID, LEAD, needs=[is_one_statement(case)])
    found = max(_keys(case, suspect), key=lambda pair: pair[1].bytes, default=None)
    return weigh(
        ID,
        _statement(found),
        needs=[is_one_statement(case), _deletes(case, suspect), _reads_the_other(case, suspect, found)],
        proofs=[_other_is_scanned(case, found)],
        culprit=case.culprit(suspect),
    )


def _keys(case: Case, suspect: Suspect) -> Iterator[tuple[ForeignKey, Relation]]:
    """Yield the keys without an index that refer to what the suspect names, with the table they are in."""
    for key in case.catalog.unindexed_keys if case.catalog else ():
        relation = case.relation(key.relation)
        if relation is not None and bare(key.references) in {bare(name) for name in suspect.relations}:
            yield key, relation


def _statement(found: tuple[ForeignKey, Relation] | None) -> str:
    if found is None:
        return LEAD
    key, relation = found
    where = f"{relation.name} ({', '.join(key.columns)})"
    return f"For each row deleted from {key.references} all {amount(relation.rows)} rows of {where} are read: no index."


def _deletes(case: Case, suspect: Suspect) -> Check:
    if suspect.text is None:
        return Check(None)
    words = suspect.text.lower().split()
    verb = next((word for word in ("delete", "update", "merge") if word in words), None)
    said = f"The statement {'does not delete' if verb is None else f'is a {verb}'}."
    return Check(verb is not None, case.evidence(said, "queries", now=verb, key=suspect.fingerprint))


def _reads_the_other(case: Case, suspect: Suspect, found: tuple[ForeignKey, Relation] | None) -> Check:
    if case.catalog is None or suspect.now is None:
        return Check(None)
    if found is None:
        said = "Every foreign key to its tables has an index."
        return Check(False, case.evidence(said, "catalog", now=0, unit="keys"))
    key, relation = found
    own, blocks = case.largest(suspect), suspect.now.blocks_per_call
    has, named = relation.bytes / _BLOCK, own.bytes / _BLOCK if own else 0.0
    said = (
        f"A call reads {amount(blocks)} blocks; {key.references}, which it names, has {amount(named)},"
        f" {relation.name}, which refers to it without an index, {amount(has)}."
    )
    proof = case.evidence(said, "statements", now=blocks, unit="blocks/call", key=suspect.fingerprint)
    return Check(blocks >= max(_LARGE, _WHOLE * has, named), proof)


def _other_is_scanned(case: Case, found: tuple[ForeignKey, Relation] | None) -> Check:
    if found is None or not case.during.tables:
        return Check(None)
    name = found[1].name
    now, was = case.during.tables.get(name), case.before.tables.get(name)
    rows, before = now.rows_per_s if now else 0.0, was.rows_per_s if was else 0.0
    said = f"Sequential scans read {amount(rows)} rows of {name} per second, {amount(before)} before."
    return Check(rows > 5 * before, case.evidence(said, "tables", now=rows, before=before, unit="rows/s", key=name))
