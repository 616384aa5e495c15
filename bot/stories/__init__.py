"""Tells copies of one article from each other's news, and sums an article up. It knows nothing of watches."""
