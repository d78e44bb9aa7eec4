"""The chat page: a Gradio page behind a gate of our own."""
