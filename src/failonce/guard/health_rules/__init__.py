"""Lines of the live review: one question per file, its SQL and what the answer means: `check(rows, server)`. Pure."""
