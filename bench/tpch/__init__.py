"""TPC-H for the benches: its tables, its keys, its 22 questions, and a way to fill a database with `tpchgen-cli`.

The questions are written after the specification's descriptions, with its validation parameters.
"""
