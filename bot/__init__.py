"""Sitrep."""
