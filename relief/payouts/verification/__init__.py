"""The second, independent way of the calculation, and what it is held against."""
