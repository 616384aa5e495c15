"""What stands in an article: names, words and topics, found by an exact scan, and what they mean."""
