"""What people bring in files: the register, the ledger of changes. No database here."""
