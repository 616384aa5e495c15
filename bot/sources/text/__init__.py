"""What every source needs to make a draft of an article: charsets, dates, plain text, captions and titles."""
