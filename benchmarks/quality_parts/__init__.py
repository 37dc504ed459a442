"""The parts of ``benchmarks/quality.py``, and what ``benchmarks/search_qa.py`` shares with it."""
