"""Findings about statements as people and programs read them: one format per file, pure values to text."""
