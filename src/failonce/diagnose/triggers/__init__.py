"""One trigger per file: what set the cause off. The file's existence registers it."""
