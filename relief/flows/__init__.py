"""How cases flow: how many stand in each state, and how long they stay there; reads only."""
