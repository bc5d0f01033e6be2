"""One part of the specification per file: which statements it makes of an incident, the indispensable ones first."""
