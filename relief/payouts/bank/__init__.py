"""What goes to the bank and what comes back: rates and answers read, lists handed out."""
