"""Rules for one statement and its plan: one per file, `check(case)` yields what it found. Pure."""
