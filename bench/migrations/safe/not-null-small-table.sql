alter table tags alter column label set not null;
