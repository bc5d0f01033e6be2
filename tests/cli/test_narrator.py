"""What a watch tells on a terminal."""

import io
from dataclasses import replace

from rich.console import Console

from failonce.app.events import Proposed
from failonce.cli.narrator import Narrator
from fix_incident import missing_index_incident


def test_sql_without_a_proof_comes_with_the_reason():
    incident = missing_index_incident()
    unproven = replace(incident.remedy, proof=None, unproven="It is planned as it was.")
    narrator, page = Narrator(), io.StringIO()
    narrator.console = Console(file=page, width=200)
    narrator(Proposed(incident.diagnosis.onset_at, unproven))
    assert page.getvalue().index(incident.remedy.sql) < page.getvalue().index("It is planned as it was.")
