"""Folders: which files are finished, and what stands in each kind of them."""
