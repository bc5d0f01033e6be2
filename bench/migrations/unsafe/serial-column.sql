alter table reviews add column number bigserial;
