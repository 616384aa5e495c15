"""Tells people and answers them: in Discord, and in the terminal. The only package that imports discord."""
