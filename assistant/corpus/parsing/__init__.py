"""What runs in the throw-away child: a parser for each kind of file, from bytes to text, one line a paragraph."""
