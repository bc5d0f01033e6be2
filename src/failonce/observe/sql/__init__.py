"""One query per file; `name.pg14.sql` from PostgreSQL 14 on."""
