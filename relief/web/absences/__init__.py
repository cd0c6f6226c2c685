"""Who is away, and who acts for them."""
