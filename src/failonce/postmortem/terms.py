"""The words that carry a phrase's meaning, so that two phrases can be held against each other. English; pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9']*")
_ENDINGS = re.compile(r"(?:ies|es|s|ing|ed)$")
_SMALL = frozenset(
    "a an and any are as at be been being both but by could did do does due during for from had has have he her his "
    "how i if in into is it its more most my no not of on only or our own she so some such than that the their them "
    "then there these they this those to too up very was we were what when where which while who why will with would "
    "you your also all just about after before between out over under again further once because until against".split()
)


def terms(text: str) -> frozenset[str]:
    """Return a text's words in one form each, without those that carry no meaning.

    >>> sorted(terms("The slow queries were locking a table"))
    ['lock', 'query', 'slow', 'tabl']
    """
    return frozenset(stem(word) for word in _WORD.findall(text.lower()) if word not in _SMALL and len(word) > 1)


def stem(word: str) -> str:
    """Return a word without its ending, so that `query` and `queries` are one.

    >>> [stem(word) for word in ("queries", "indexes", "caching", "access", "database")]
    ['query', 'index', 'cach', 'access', 'databas']
    """
    if word.endswith("ss") or len(word) < 4:
        return word
    bare = _ENDINGS.sub(lambda match: "y" if match[0] == "ies" else "", word)
    return bare.removesuffix("e") if len(bare) >= 4 else word.removesuffix("e")


def brief(text: str, words: int = 8) -> str:
    """Return the beginning of a text, for a message that quotes it.

    >>> brief("Implement indexing strategies and query optimization techniques.", 3)
    'Implement indexing strategies...'
    """
    told = text.split()
    return " ".join(told).rstrip(".:;, ") if len(told) <= words else " ".join(told[:words]).rstrip(".:;, ") + "..."
