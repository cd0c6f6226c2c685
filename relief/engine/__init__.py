"""The workflow engine: what may be done next to a case, by whom, and what was done."""
