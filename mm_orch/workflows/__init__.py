"""Workflow files: read, checked, compiled to LangGraph, run; and the three public classes."""
