-- Where the server writes its log; NULL when nobody collects standard error.
SELECT pg_current_logfile('stderr') AS file
