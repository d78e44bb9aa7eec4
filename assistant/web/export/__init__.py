"""A conversation as a file: Markdown and Word, with official citations."""
