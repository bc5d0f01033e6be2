-- A text that only gets more room is not rewritten.
alter table notes alter column label type text;
