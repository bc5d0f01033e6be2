alter table reviews add column mood text;
