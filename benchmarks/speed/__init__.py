"""What ``benchmarks/engine.py`` measures, a file a part, and how it measures fairly."""
