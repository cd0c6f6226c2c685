"""The life of a case by its steps: what stands against one, what it writes in its own transaction,
what a decision grants, and what no office's own file may take away."""
