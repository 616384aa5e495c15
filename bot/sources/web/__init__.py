"""Asks the web, and no more of it than it may: addresses, redirects, limits, and the turn of each host."""
