"""Web pages: the article of one, and the fetching of those behind feeds."""
