"""relief: case management for the people who help workers in hardship."""

__version__ = "0.1.0"
