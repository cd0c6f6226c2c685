"""What becomes of an over-payment outside the lists: money that came back, and money given up.

Both are cases of their own (workflows/repayment.toml, write_off.toml): finance records one, an
approver who is another person confirms it, and it counts from that instant. Neither is ever in a
bank's total, and a confirmed one is never edited.
"""
