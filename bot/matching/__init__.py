"""Finds what is watched in an article: mentions of actors and topics, and matches of queries with their evidence."""
