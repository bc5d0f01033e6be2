"""Charts as SVG text: pure functions from readings to markup, no script, nothing loaded from anywhere."""
