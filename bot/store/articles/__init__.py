"""Articles as they are kept: recognised, revised, completed, found again."""
