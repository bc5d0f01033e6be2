"""Index advice: candidates of every kind, built on the twin, kept only where the planner takes them."""
