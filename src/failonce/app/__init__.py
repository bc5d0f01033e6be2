"""One use case per file: the only floor that knows several steps. It wires, it does not compute."""
