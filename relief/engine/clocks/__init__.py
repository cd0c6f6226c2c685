"""By when: the arithmetic of terms, the clock of a case, and the deadlines that are stored."""
