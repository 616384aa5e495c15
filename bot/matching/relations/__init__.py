"""Who does what to whom: relations are read, put into words, found in sentences by their grammar, and judged."""
