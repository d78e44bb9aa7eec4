"""Wording answers with a language model: from the reader's findings to a draft, and from the draft to checked sentences."""
