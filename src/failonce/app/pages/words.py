"""Numbers, instants and IDs as the pages write them: the same words as in the documents."""

from failonce.postmortem.format import clock, day, duration, milliseconds, number, period, sentence, words
from failonce.postmortem.templating import breakable, look

__all__ = ["breakable", "clock", "day", "duration", "look", "milliseconds", "number", "period", "sentence", "words"]
