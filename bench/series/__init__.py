"""Detectors under study: on series by others they do better than the alarm, which has not got them.

The alarm judges what users feel, with five minutes of memory; `Shift` wants all series of a system, `Surprise` days of
one. What the alarm took over from them is the rank test (`failonce.robust.rank_shift`).
"""
