"""Measures what the bot promises, as ratios in one run; `make bench` runs all of it."""
