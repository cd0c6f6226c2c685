"""A Django application with the two tables that the peer `viewflow.fsm` needs."""
