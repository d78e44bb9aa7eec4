"""What a report states: each figure as a fact, and its lists, definitions and openings as items, read once when it comes in."""
