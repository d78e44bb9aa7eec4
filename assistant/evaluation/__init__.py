"""Judges answers against gold questions. It imports the product; nothing of the product imports it."""
