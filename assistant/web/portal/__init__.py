"""The service within another site: frames, the bubble, signing in."""
