"""How an answer is shown, decided once: the page makes HTML of it, the bubble elements, a program what it likes."""
