"""One cause per file; the file's existence registers it."""
