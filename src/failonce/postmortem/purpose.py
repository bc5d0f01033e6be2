"""What a task that a person wrote is for: to prevent, to detect or to mitigate. By its words; in doubt to prevent."""

from __future__ import annotations

import re

from failonce.model.action import ActionKind

_DETECT = re.compile(
    r"\b(?:alert\w*|alarm\w*|monitor\w*|dashboards?|metrics?|observab\w+|logging|logs?|detect\w*|notif\w+|tracing"
    r"|health ?checks?|uptime|watchdog|threshold\w*|visibility|telemetry|slow query log)\b",
    re.IGNORECASE,
)
_MITIGATE = re.compile(
    r"\b(?:roll ?back\w*|rollback|runbooks?|playbooks?|on-?call|pag(?:e|er|ing)\b|escalat\w+|fail ?over|failover"
    r"|incident response|communicat\w+|recovery|restore|circuit breakers?|graceful\w*|redundan\w+|backups?|status page"
    r"|retry|retries|auto-?restart|degrad\w+|disaster)\b",
    re.IGNORECASE,
)


def purpose(task: str) -> ActionKind:
    """Return what a task is for; the kind whose word comes first.

    >>> purpose("Add an alert when the pool is full").value
    'detect'
    >>> purpose("Write a runbook for rollbacks").value
    'mitigate'
    >>> purpose("Review every query for a missing index").value
    'prevent'
    """
    places = {ActionKind.DETECT: _DETECT.search(task), ActionKind.MITIGATE: _MITIGATE.search(task)}
    found = {kind: match.start() for kind, match in places.items() if match}
    return min(found, key=lambda kind: found[kind], default=ActionKind.PREVENT)
