"""failonce: find the query that took PostgreSQL down, prove the fix, write the postmortem, guard against a second time."""

__version__ = "0.1.0"
