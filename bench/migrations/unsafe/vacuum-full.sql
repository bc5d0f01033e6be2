vacuum full reviews;
