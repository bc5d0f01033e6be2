update tags set weight = 1;
