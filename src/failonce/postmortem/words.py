"""A postmortem's words, as a reader sees them: without Markdown's marks, without code and front matter.

Works on any text in linear time; every expression is bounded.
"""

from __future__ import annotations

import re

_IMAGE = re.compile(r"!\[[^\[\]]{0,500}\]\([^()\s]{0,2000}(?:\s[^()]{0,300})?\)")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s[^()]{0,300})?\)")
_HTML = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--|-->")
_MARKERS = re.compile(r"\*+|~~+|`+|(?<!\w)_+|_+(?!\w)|\\(?=[^\w\s])")
_MARK = re.compile(r"[*_~`\\]")
_BOX = re.compile(r"\[[ xX]\]\s")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def count_words(text: str) -> int:
    """Count what a reader would: runs between blanks that hold a letter or a digit.

    >>> count_words("- [ ] **Fix** it - 2 times")
    4
    """
    return sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())


def plain(text: str) -> str:
    """Strip what Markdown adds for the eye.

    >>> plain("**Impact:** see [the _log_](http://x/y_z) <br>")
    'Impact: see the log'
    """
    if "[" in text:
        text = _BOX.sub("", _LINK.sub(r"\1", _IMAGE.sub(" ", text)))
    if "<" in text or "-->" in text:
        text = _HTML.sub(" ", text)
    if _MARK.search(text):
        text = _MARKERS.sub("", text)
    return " ".join(text.split())


def prose(text: str) -> str:
    """Return what is neither front matter nor fenced code.

    >>> prose("---\\na: 1\\n---\\nTwo words.\\n```sql\\nselect 1\\n```\\nMore.")
    'Two words.\\nMore.'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(lines)
    kept: list[str] = []
    fence = ""
    for line in lines[front.end() if front else 0 :].split("\n"):
        mark = _FENCE.match(line)
        if not fence and not mark:
            kept.append(line)
        elif mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""
    return "\n".join(kept)


def prose_words(text: str) -> int:
    """Count the words of a document's prose, as the length rule means them."""
    return sum(count_words(plain(line)) for line in prose(text).split("\n") if line)
