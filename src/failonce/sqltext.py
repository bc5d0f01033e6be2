"""SQL as text: normalise it, fingerprint it, name its relations.

Works on what pg_stat_activity and pg_stat_statements give: texts cut off in the middle of a literal, `$1` for
parameters, `$1 /*, ... */` for lists. Two texts that differ only in values, spacing, case or comments get the same
fingerprint, whichever of the two views they came from.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from functools import lru_cache

# A statement that sqlglot only half knows (LOCK TABLE) is answered here; on the terminal its warning explains nothing.
logging.getLogger("sqlglot").setLevel(logging.ERROR)
# The lexical rules are those of the manual's section 4.1; an unclosed literal or comment runs to the end of the text.
_TOKEN = re.compile(
    r"""
      (?P<space>   \s+ )
    | (?P<comment> --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<literal> [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)
                 | (?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|\Z)
                 | \$\$.*?(?:\$\$|\Z)
                 | \$(?P<tag>[A-Za-z_]\w*)\$.*?(?:\$(?P=tag)\$|\Z) )
    | (?P<param>   \$\d+ | \? )
    | (?P<number>  (?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)? )
    | (?P<quoted>  "(?:[^"]|"")*(?:"|\Z) )
    | (?P<word>    [^\W\d][\w$]* )
    | (?P<cast>    :: )
    | (?P<other>   . )
    """,
    re.VERBOSE | re.DOTALL,
)
_VALUE = ("literal", "param", "number")
_LIST = re.compile(r"([(\[])\?(?:, \?)+(?=[)\]])")
_ROWS = re.compile(r"\(\?\)(?:, \(\?\))+")
# Words that pg_stat_statements takes for constants. The text keeps them, for planners have use for `where open = true`.
_CONSTANT_WORD = re.compile(r"(?<!\bis )(?<!\bnot )\b(?:true|false|null)\b|(?<=\bextract\()\w+(?= from\b)")
_FROM = re.compile(r"\b(?:from|join|update|into)\s+(?:only\s+)?([a-z_][\w$.]*)")
# After one of these a minus belongs to the number that follows: pg_stat_statements makes both one constant.
_BEFORE_SIGN = frozenset("(,=<>+-*/%|") | {"limit", "offset", "and", "or", "between", "select", "then", "else", "when"}


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Return the statement on one line, values as `?`, comments gone, unquoted words in lower case.

    >>> normalise("/*route='/r'*/ SELECT * FROM Recipes WHERE id IN (1, 2)  AND name = 'O''Neil' LIMIT 20")
    'select * from recipes where id in (?) and name = ? limit ?'
    """
    joined = "".join(_spaced(_words(text))).strip().rstrip(";").rstrip()
    return _squashed(joined)


def fingerprint(text: str) -> str:
    """Return 16 hex digits that are equal for equal normalised texts.

    >>> fingerprint("select 1") == fingerprint("SELECT  $1 -- hm")
    True
    """
    constant = _squashed(_CONSTANT_WORD.sub("?", normalise(text)))
    return hashlib.blake2b(constant.encode(), digest_size=8).hexdigest()


def numbered(text: str) -> str:
    """Return the statement with `$1`, `$2`, ... for its values, as PostgreSQL's own parser wants them.

    >>> numbered("select a from t where b = ? and c > ?")
    'select a from t where b = $1 and c > $2'
    """
    count = iter(range(1, 65536))
    return re.sub(r"\?", lambda _: f"${next(count)}", normalise(text))


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield a statement's tokens as they stand there, each with its kind: space, comment, literal, param, number, ...

    >>> list(tokens("a=?"))
    [('word', 'a'), ('other', '='), ('param', '?')]
    """
    for match in _TOKEN.finditer(text):
        yield match.lastgroup or "literal", match[0]


@lru_cache(maxsize=1024)
def relations(text: str) -> tuple[str, ...]:
    """Return the tables a statement names, sorted; those of its own WITH clauses left out.

    >>> relations("with r as (select * from recipes) select * from r join reviews on true")
    ('recipes', 'reviews')
    """
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(numbered(text), dialect="postgres")
    except sqlglot.errors.SqlglotError:
        # Cut off, or a command sqlglot does not know: the words after FROM, JOIN, UPDATE and INTO still tell.
        return tuple(sorted(set(_FROM.findall(normalise(text)))))
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    named = {".".join(part.name for part in table.parts) for table in tree.find_all(exp.Table)}
    return tuple(sorted(name for name in named - own if name))


def written(text: str) -> str:
    """Return the statement on one line with its constants as they are: comments gone, unquoted words in lower case.

    >>> written("SELECT * FROM t  WHERE state = 'Open' -- hm\\n AND a > $1")
    "select * from t where state = 'Open' and a > $1"
    """
    tokens = (match for match in _TOKEN.finditer(text) if match.lastgroup not in ("space", "comment"))
    words = (match[0].lower() if match.lastgroup == "word" else match[0] for match in tokens)
    return "".join(_spaced(words)).strip().rstrip(";").rstrip()


def without_comments(text: str) -> str:
    """Return the text without its comments, everything else as it stands."""
    return "".join(match[0] if match.lastgroup != "comment" else " " for match in _TOKEN.finditer(text))


def after_comments(text: str) -> str:
    """Return the text from its first token that is neither space nor comment."""
    found = (match.start() for match in _TOKEN.finditer(text) if match.lastgroup not in ("space", "comment"))
    return text[next(found, len(text)) :]


def semicolons(text: str) -> Iterator[int]:
    """Yield the places of the semicolons that end a statement: not those in literals, names and comments."""
    yield from (match.start() for match in _TOKEN.finditer(text) if match.lastgroup == "other" and match[0] == ";")


def _squashed(text: str) -> str:
    """Return the text with lists of values, and of rows of values, as one: their length makes no other statement."""
    return _ROWS.sub("(?)", _LIST.sub(r"\1?", text))


def _words(text: str) -> Iterator[str]:
    """Yield the statement's tokens, values as `?`; a sign that belongs to a value is dropped."""
    previous = ""
    sign = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("space", "comment"):
            continue
        value = kind in _VALUE
        if sign and not value:
            yield "-"
        sign = match[0] == "-" and (previous in _BEFORE_SIGN or not previous)
        previous = "?" if value else match[0].lower() if kind == "word" else match[0]
        if not sign:
            yield previous


def _spaced(words: Iterator[str]) -> Iterator[str]:
    """Yield tokens with one space between them, except where SQL is written without."""
    previous = ""
    for word in words:
        tight = previous in ("", "(", ".", "[", "::") or word in (")", ",", ".", ";", "[", "]", "::")
        call = word == "(" and bool(re.fullmatch(r"\w+", previous)) and previous not in _SPACED_BEFORE_PARENTHESIS
        operator = _is_operator(previous) and _is_operator(word)
        yield word if tight or call or operator else " " + word
        previous = word


_SPACED_BEFORE_PARENTHESIS = frozenset(
    "in and or not on as from join where values exists any all select over using with by filter like is then else when "
    "union except intersect returning set case between distinct limit offset materialized lateral array".split()
)


def _is_operator(word: str) -> bool:
    return bool(word) and all(c in "+-*/<>=~!@#%^&|`?:" for c in word) and word != "?"
