"""The page on which answers are measured against gold questions."""
