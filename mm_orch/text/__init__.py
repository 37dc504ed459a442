"""Text as characters: language, sentences, words. Knows no model and no file."""
