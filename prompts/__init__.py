"""Every word that is said to a language model, as Markdown files with `$name` placeholders. Data only."""
