"""The parts of ``benchmarks/search_qa.py``."""
