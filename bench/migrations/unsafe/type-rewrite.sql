alter table reviews alter column rating type bigint;
