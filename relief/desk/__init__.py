"""The desk: visits, calls and letters, as they come in."""
