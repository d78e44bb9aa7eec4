"""From passages to an answer: statements, the reader that needs no LLM, verification, coverage, conversation."""
