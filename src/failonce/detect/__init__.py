"""One detector per file: a Window of snapshots in, Signals out. Pure."""
