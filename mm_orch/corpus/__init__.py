"""Local documents as a search provider."""
