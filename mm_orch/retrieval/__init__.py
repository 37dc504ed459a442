"""What is read for a question: pages cut into passages, ranked by BM25, and how much of it they hold."""
