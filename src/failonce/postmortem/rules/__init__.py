"""One rule of the specification per file; the file's existence registers it."""
