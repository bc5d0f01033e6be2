"""Write, read, lint and render the document. Pure."""
