"""One source of facts per file, each read into its part of a Snapshot; and the recording that keeps them."""
