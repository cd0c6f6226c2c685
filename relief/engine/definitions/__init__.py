"""What a workflow is: read from its file, checked before it runs, kept for ever by its hash."""
