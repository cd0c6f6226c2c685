"""What there is to do, and whose it is; reads only."""
