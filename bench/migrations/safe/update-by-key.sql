update recipes set title = 'Pad Thai' where id = 17;
