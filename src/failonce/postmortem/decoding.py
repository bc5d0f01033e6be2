"""A document's bytes as text: by their mark, as UTF-8, else as what their letters look like, and that is said."""

from __future__ import annotations

from failonce.postmortem.read.facts import Doubt

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
#: What most documents are that are not UTF-8; taken where the letters fit it as well as anything.
_COMMONEST = "cp1252"
#: Around the first byte that is not UTF-8, as much as is looked at: enough to tell, and quick.
_BEFORE, _AFTER = 4_000, 16_000
_FEWEST_ZEROS = 0.02


def text_of(data: bytes) -> tuple[str, tuple[Doubt, ...]]:
    """Return bytes as text, with a doubt where the encoding had to be guessed. Any bytes are text.

    >>> text_of("Größe".encode())[0], text_of("Größe der Tabelle überschritten".encode("cp1252"))[0]
    ('Größe', 'Größe der Tabelle überschritten')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), ()
    wide = _wide(data)
    if wide:
        said = Doubt("encoding", 1, f"The text has no mark of its encoding; read as {wide}, as its zero bytes suggest.")
        return data.decode(wide, errors="replace"), (said,)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        encoding, how = _guess(data, error.start)
        said = Doubt("encoding", line, f"The text is not UTF-8; read as {encoding}, {how}.")
        return data.decode(encoding, errors="replace"), (said,)


def _wide(data: bytes) -> str | None:
    """Tell text in two bytes a letter by its zero bytes, which stand on one side; no other text has any."""
    sample = data[:_BEFORE]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if first + second < _FEWEST_ZEROS * len(sample) or min(first, second) * 9 > max(first, second):
        return None
    return "utf-16-le" if second > first else "utf-16-be"


def _guess(data: bytes, first: int) -> tuple[str, str]:
    """Return the likeliest encoding of bytes of which the first that is no UTF-8 is at `first`, and how it is known."""
    from charset_normalizer import from_bytes

    begin = max(first - _BEFORE, 0) & ~1
    matches = from_bytes(data[begin : first + _AFTER])
    best = matches.best()
    if best is None:
        return _COMMONEST, "for want of a better guess"
    fitting = (match for match in matches if match.chaos <= best.chaos)
    if any(_COMMONEST in match.could_be_from_charset for match in fitting):
        return _COMMONEST, "as its letters suggest"
    return best.encoding, "as its letters suggest"
