alter table recipes rename column title to name;
