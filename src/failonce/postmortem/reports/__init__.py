"""Findings as other programs read them: one format per file, pure values to text."""
