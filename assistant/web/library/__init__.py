"""What administrators do with the library from the page: take files in, confirm what was found, mend, replace and remove."""
