"""failonce: name the query that took PostgreSQL down, prove the fix, write the postmortem, never fail twice."""

__version__ = "0.1.0"
