"""The HTTP service: every request is known, counted and limited here; what serves the page and the API."""
