"""The desk: who comes, calls and writes; entered while they wait."""
