alter table reviews alter column comment set not null;
