"""The nouns of MuAI: frozen dataclasses, one a file, which validate themselves and know no other room."""
