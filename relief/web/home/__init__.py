"""The first page: what waits, what is overdue, what comes next."""
