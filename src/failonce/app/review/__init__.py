"""Review statements, migrations and databases before they take anything down."""
