"""Reads text: folding with offsets, sentences, the language, lemmas and entity labels. It knows nothing of articles or watches."""
