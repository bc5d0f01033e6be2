alter table recipes alter column minutes type text;
