"""Set a statement over several lines, a clause on each. Only blanks become line breaks: no word changes."""

from __future__ import annotations

import re

# What a clause begins with, after a blank; the longer name of a join wins.
_CLAUSE = re.compile(
    r"(?P<open>\()|(?P<close>\))|'[^']*'|\"[^\"]*\""
    r"|\s+(?=(?P<clause>from|where|group by|having|order by|limit|offset|returning|on conflict|union|except|intersect"
    r"|window|for update|set|values|(?:natural |left |right |full |inner |cross )*(?:outer )?join)\b)",
    re.IGNORECASE,
)
_SUBQUERY = re.compile(r"\(\s*(?:select|with|insert|update|delete)\b", re.IGNORECASE)
_INDENT = "  "


def over_lines(query: str) -> str:
    """Return the statement with each clause on a line of its own, those of a subquery indented.

    >>> print(over_lines("select id from recipes where id in (select recipe_id from reviews) limit ?"))
    select id
    from recipes
    where id in (select recipe_id
      from reviews)
    limit ?
    """
    is_subquery: list[bool] = []

    def broken(match: re.Match[str]) -> str:
        if match["open"]:
            is_subquery.append(_SUBQUERY.match(query, match.start()) is not None)
        elif match["close"]:
            del is_subquery[-1:]
        elif match["clause"] and (not is_subquery or is_subquery[-1]):
            return "\n" + _INDENT * sum(is_subquery)
        return match[0]

    return _CLAUSE.sub(broken, query)
