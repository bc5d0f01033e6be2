create index reviews_rating on reviews (rating);
