-- The inside of the leading comment of the column `query`, or of its last one when the text was not cut off:
-- where sqlcommenter tags stand. Only single tags, by name, are taken out of it.
(SELECT concat_ws(',', substring(query FROM '^\s*/\*([^*]*)\*/'),
                       CASE WHEN octet_length(query) < pg_size_bytes(current_setting('track_activity_query_size')) - 1
                            THEN substring(query FROM '/\*([^*]*)\*/[\s;]*$') END))
