"""Rules for one statement of a migration, against the sizes it will meet: `check(step)`. Pure."""
