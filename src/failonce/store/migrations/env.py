"""What Alembic runs: the steps, within the transaction that `layout` has opened."""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Take the steps that are due."""
    context.configure(connection=context.config.attributes["connection"])
    with context.begin_transaction():
        context.run_migrations()


# Under this name Alembic loads the file; whoever else imports it runs nothing.
if __name__ == "env_py":
    run()
