begin;
lock table reviews in exclusive mode;
alter table reviews add column helpful int;
commit;
