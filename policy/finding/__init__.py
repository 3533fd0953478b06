"""Finding the sentence of a notice that a question is about, however it is asked."""
