"""Taking a step: everything that may stand against it, then row, journal, deadline and effects."""
