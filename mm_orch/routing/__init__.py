"""Which workflow a query is for: the router, its classifier, and the reasons it gives."""
