"""The five reports that a new library starts with, a catalogue of what they are, and the gold questions. Data only."""
