drop index concurrently tags_unused;
