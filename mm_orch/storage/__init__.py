"""Sessions, messages and runs, on SQLite."""
