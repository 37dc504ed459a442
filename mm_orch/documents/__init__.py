"""Bytes and a media type into readable text. Knows no network and no disk."""
