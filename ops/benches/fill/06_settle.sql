-- Statistics and visibility as a database has that has been in use for a while.

vacuum (analyze);
checkpoint;
