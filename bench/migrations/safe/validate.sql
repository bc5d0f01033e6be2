alter table reviews validate constraint reviews_rating_range;
