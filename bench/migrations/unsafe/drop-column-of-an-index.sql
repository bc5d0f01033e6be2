alter table recipes drop column cuisine;
