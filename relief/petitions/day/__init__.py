"""The day at the desk: who came, what goes over to another, and what is printed for a day without
power."""
