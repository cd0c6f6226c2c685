"""The whole life of a centre as a state machine: facts through every door, lists, the bank, money
outside the lists, the calendar, time, and what is done at the desk beside the money. What is
refused changes nothing; what always holds is looked at after every step (cheap) and now and then
(dear)."""
