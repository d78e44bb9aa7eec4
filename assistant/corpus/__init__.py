"""From a file to the shelf: readers, cleaning, structure, catalogue and library."""
