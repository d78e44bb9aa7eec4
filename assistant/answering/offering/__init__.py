"""Questions to go on with: other values of what was asked, and what the reports hold beside it."""
