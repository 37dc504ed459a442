"""The stores in muai.db."""
