"""Capture the statements that a running program sends: one driver or framework per file, attached when it is there."""
