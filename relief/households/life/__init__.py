"""The life of a hardship file by its steps: survey, notice, objection, approval, waiting list,
re-check, exit and return. A step that money depends on writes its facts in its own transaction, by
the same rules as register and ledger (`events`)."""
