"""What a watch tells on a terminal."""

import io
from dataclasses import replace

from rich.console import Console

from failonce.app.events import Completed, Proposed
from failonce.cli.narrator import Narrator
from fix_incident import missing_index_incident


def told(event):
    narrator, page = Narrator(), io.StringIO()
    narrator.console = Console(file=page, width=200)
    narrator(event)
    return page.getvalue()


def test_sql_without_a_proof_comes_with_the_reason():
    incident = missing_index_incident()
    unproven = replace(incident.remedy, proof=None, unproven="It is planned as it was.")
    page = told(Proposed(incident.diagnosis.onset_at, unproven))
    assert page.index(incident.remedy.sql) < page.index("It is planned as it was.")


def test_what_the_chain_gains_is_told_by_itself():
    diagnosis = missing_index_incident().diagnosis
    page = told(Completed(diagnosis.onset_at, diagnosis.chain[1:2]))
    assert "Seen since" in page
    assert diagnosis.chain[1].statement in page
    assert diagnosis.chain[0].statement not in page
