"""The people who work here: an admin adds them and changes what they may do."""
