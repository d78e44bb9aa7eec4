"""The chat page: what stands where, and its parts as HTML."""
