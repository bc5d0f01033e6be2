begin;
alter table recipes add column photo text;
alter table reviews add column photo text;
commit;
