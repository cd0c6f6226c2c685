"""How cases flow: how many stand in each state, for whom they wait there, and how long they stay;
reads only."""
