-- The column `query` with every literal as ?, comments gone; so no value of anybody's data leaves the server.
-- PostgreSQL's regular expressions take the longest token at each place: https://www.postgresql.org/docs/current/functions-matching.html#POSIX-MATCHING-RULES
-- Group 1 is kept, group 2 becomes ?, what is in neither (comments) a space. An unclosed literal runs to the end of
-- the text, as do a comment that holds another and a dollar quote with a tag: to lose text is safe, to guess is not.
(SELECT string_agg(coalesce(token[1], CASE WHEN token[2] IS NULL THEN ' ' ELSE '?' END), '' ORDER BY place)
   FROM regexp_matches(
          -- With standard_conforming_strings off a backslash may hide a quote: nothing behind the first one is read.
          CASE WHEN current_setting('standard_conforming_strings') = 'off' AND strpos(query, E'\\') > 0
               THEN left(query, strpos(query, '''')) ELSE query END,
          $token$(?x)
            ( "(?:[^"]|"")*"?
            | (?:[A-Za-z_]|[^\u0001-\u007f])(?:[\w$]|[^\u0001-\u007f])*
            | \$\d+
            | [\s(),;=<>*+]+
            | [^'\d] )
          | ( [eE]'(?:[^'\\]|\\.|'')*'?
            | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'?
            | \$\$(?:[^$]|\$(?!\$))*(?:\$\$)?
            | \$[A-Za-z_]\w*\$.*
            | 0[xXoObB][\da-fA-F_]+
            | (?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)? )
          | --[^\n\r]*
          | /\*(?:[^*/]|\*(?!/)|/(?!\*))*(?:\*/|/\*.*)?
          $token$, 'g') WITH ORDINALITY AS found (token, place))
