"""One kind of index per file: a scan's Need in, candidates out."""
