"""The papers of a case: attaching a file, taking one back, and saving one."""
