"""SpiceShare, the sample application: a small recipe-sharing API on PostgreSQL, with its schema and its releases."""
