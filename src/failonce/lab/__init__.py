"""A private PostgreSQL, the sample application and its load, the drills, and the twin."""
