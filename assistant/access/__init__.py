"""Who asks, and what is written down about it. Knows no framework and no report."""
