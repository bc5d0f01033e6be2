alter table reviews add constraint reviews_rating_range check (rating between 1 and 5) not valid;
