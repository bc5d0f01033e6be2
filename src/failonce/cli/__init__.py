"""One command per file: parse, call one use case, print, exit."""
