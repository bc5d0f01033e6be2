"""Guards: what keeps an outage from coming twice. Review of statements, migrations and databases, and its proof."""
