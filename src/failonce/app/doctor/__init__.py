"""Is everything there that a watch will need? `failonce doctor` looks before an outage does.

Asks the server, the application, the host and the operator role what each can show; changes nothing anywhere.
"""

from __future__ import annotations

from contextlib import closing

from failonce.app.doctor import application, host, log, login, operator, server
from failonce.app.doctor.check import Check, State, not_checked
from failonce.model.target import Target

__all__ = ["Check", "State", "examine"]


def examine(target: Target) -> tuple[Check, ...]:
    """Return every check in the order of their ids; what cannot be asked is `not checked`, with the reason."""
    attempt = login.knock(target.dsn)
    door = tuple(question.check(attempt) for question in login.QUESTIONS)
    metrics = application.examine(target.metrics_url)
    if attempt.connection is None:
        first = next(check.id for check in door if check.state is not State.OK)
        reason = f"{first} comes first"
        around = (*not_checked(host.QUESTIONS, reason), *not_checked(operator.QUESTIONS, reason))
        written = not_checked(log.QUESTIONS, reason)
        return (*door, *not_checked(server.QUESTIONS, reason), *metrics, *around, *written)
    with closing(attempt.connection) as connection:
        inside = server.examine(connection)
        around = (*host.examine(connection, target.local), *operator.examine(connection, target.operator_dsn))
        written = log.examine(connection, local=target.local, log_file=target.log_file)
    return (*door, *inside, *metrics, *around, *written)
