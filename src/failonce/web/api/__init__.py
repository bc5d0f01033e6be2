"""The book for programs: JSON over HTTP. One resource per file; the same declarations make the OpenAPI document."""
