"""From a Window and its Signals to a Diagnosis. Pure: no clock, no database, no network."""
