-- A handful of rows: over in a millisecond.
alter table tags alter column weight type bigint;
