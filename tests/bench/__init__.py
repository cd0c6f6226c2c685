"""Benchmarks of relief beside bare databases and other people's programs; see README.md here.

They stand alone: nothing else in tests/ needs them, and they promise no time to the suite. This
file imports nothing, because one peer runs in an environment that has no relief.
"""
