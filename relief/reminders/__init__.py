"""What is due or overdue, said to whose work it is: in their inbox, by mail once a day, and as a
calendar of their own."""
