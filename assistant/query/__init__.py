"""What a question asks for: read once, from slots that are data and heads that are learned."""
