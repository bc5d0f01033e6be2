select count(*) from reviews;
