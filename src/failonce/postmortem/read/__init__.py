"""Read any postmortem that people really write: facts with their places, doubts as values."""

from failonce.postmortem.read.facts import Doubt, Fact, Facts, Met
from failonce.postmortem.read.reading import read

__all__ = ["read", "Facts", "Fact", "Doubt", "Met"]
