"""One case as its page shows it: what of it is masked, how far it has come on the five steps, what
the petitioner still has to bring, and which cases may be the same matter. Reads only."""
