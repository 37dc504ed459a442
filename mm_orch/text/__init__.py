"""Waits to become checking/ and routing/; nothing new is added here."""
