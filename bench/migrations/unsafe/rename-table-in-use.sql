alter table recipes rename to dishes;
