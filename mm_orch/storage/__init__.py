"""Sessions, messages, runs and their tapes: in a SQLite file, or in memory."""
