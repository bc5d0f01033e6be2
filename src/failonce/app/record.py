"""Record a drill as an example: run it, keep what is needed to replay it, and the verdict the replay leads to.

An example is a fixture of the tests, evidence for the verdict and something to look at, so it is small: a baseline,
the outage up to the verdict, and a few seconds more.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from failonce import jsontext
from failonce.app.conductor import lasts
from failonce.app.drill import Outcome, find, run_drill
from failonce.app.events import Event
from failonce.app.sight import verdict
from failonce.app.staging import Staging
from failonce.observe.recording import cut, read

#: A baseline that is long enough to be one.
_BEFORE = timedelta(seconds=45)
#: After the verdict: whether it stands.
_AFTER = timedelta(seconds=10)


def record(staging: Staging, examples: Path, *, listener: Callable[[Event], None]) -> Outcome:
    """Run the drill and put its recording, verdict and incident into its folder, in place of what was there.

    Raises NotFound, UsageError, LabFailed.
    """
    with tempfile.TemporaryDirectory(prefix="failonce-record-") as folder:
        out, example = Path(folder) / "out", examples / staging.drill
        outcome = run_drill(staging, out, apply=False, listener=listener)
        shutil.rmtree(example, ignore_errors=True)
        example.mkdir(parents=True)
        said = outcome.diagnosis
        ends_at = (
            said.diagnosed_at + _AFTER if said and said.diagnosed_at else outcome.struck_at + lasts(find(staging.drill))
        )
        cut(out / "recording", example / "recording", from_at=outcome.struck_at - _BEFORE, to_at=ends_at)
        # From the part that is kept, not from the run: it is what a replay is held against.
        jsontext.write(example / "diagnosis.json", verdict(read(example / "recording")))
        if outcome.incident is not None:
            jsontext.write(example / "incident.json", outcome.incident)
    return outcome
