"""`python -m relief` is the command `relief`."""

from relief.cli import main

main()
