"""What is special to Chinese and to this genre: sentences, numerals, quantities, indicators, periods, places."""
