"""What programs ask: the HTTP API, the OpenAI-compatible one, the tools for agents."""
