"""One fault per file; the file's existence registers it."""
