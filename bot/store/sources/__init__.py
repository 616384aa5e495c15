"""Sources and who follows them, and what their polls leave behind."""
