"""Rebuilds every learned weight from the questions in `seeds/asked`: `python -m assistant.training`."""
