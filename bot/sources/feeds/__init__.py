"""Feeds: how they are asked, what stands in them, and how they are found and exchanged."""
