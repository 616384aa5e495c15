"""Watches, what they matched, and what people make of it."""
