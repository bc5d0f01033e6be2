"""Rules for what the statements of a test suite do together: `check(suite)`. Pure."""
