"""What keeps a data directory whole: backups, check-ups, exports and proofs of removal. It knows files and rows, and no question."""
