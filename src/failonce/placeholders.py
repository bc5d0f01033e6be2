"""The placeholders of drivers, mappers and code generators as PostgreSQL's own `$1`, `$2`, ... Pure text.

psycopg writes %s and %(name)s, SQLAlchemy and psql :name, JDBC and SQLite ?, code generators @name or sqlc.arg(name).
"""

from __future__ import annotations

import re

from failonce import sqltext

_STYLES = re.compile(
    r"""
      (?P<skipped> [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \$\$.*?\$\$
                 | ::[\w"]+ | @>|<@|@@|@\?|\?\||\?&|@- )
    | (?P<percent> %% )
    | (?P<named>   %\((?P<p>[^)]+)\)[sbt] | (?<![\w:\]"]):(?P<c>[A-Za-z_]\w*)\b | (?<![\w@])@(?P<a>[A-Za-z_]\w*)\b
                 | sqlc\.n?arg\(\s*'?(?P<q>\w+)'?\s*\) )
    | (?P<each>    %[sbt](?!\w) | (?<=[=<>(,+*/%|~-])\s*\?(?![?|&]) | (?<=\s)\?(?=\s*(?:$|[,);]|\s\w)) )
    | (?P<number>  \$\d+ )
    """,
    re.VERBOSE | re.DOTALL,
)


def numbered(sql: str, *, percent: bool = True) -> str:
    """Return the statement with `$n` for each placeholder, the same for the same name; `percent` reads psycopg's.

    >>> numbered("select * from t where a = %s and b in (%(b)s, %(c)s) and c like 'x%%' and d = %(b)s")
    "select * from t where a = $1 and b in ($2, $3) and c like 'x%' and d = $2"
    >>> numbered("select x::text, y[1:2] from t where a = :a and b > ? limit :n")
    'select x::text, y[1:2] from t where a = $1 and b > $2 limit $3'
    >>> numbered("select data ? 'key' from t where id = $2")
    "select data ? 'key' from t where id = $2"
    """
    numbers: dict[str, int] = {}
    used = [int(number) for number in re.findall(r"\$(\d+)", sqltext.without_comments(sql))]
    count = max(used, default=0)

    def replaced(match: re.Match[str]) -> str:
        nonlocal count
        kind, word = match.lastgroup, match[0]
        name = match["p"] or match["c"] or match["a"] or match["q"]
        if match["skipped"] or match["number"]:
            return word.replace("%%", "%") if percent and match["skipped"] and uses_percent else word
        if match["percent"]:
            return "%" if percent and uses_percent else word
        if name and name in numbers:
            return f"${numbers[name]}"
        if kind is None or (word.startswith("%") and not percent):
            return word
        count += 1
        numbers[name or f" {count}"] = count
        lead = word[: len(word) - len(word.lstrip())]
        return f"{lead}${count}"

    uses_percent = bool(re.search(r"%[sbt](?!\w)|%\(", sql))
    return _STYLES.sub(replaced, sql)
