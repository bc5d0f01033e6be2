"""Kinds of guards: each file makes one kind from an incident."""
