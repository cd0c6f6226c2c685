"""What is typed into a form before it is a record: kept until it is saved, and saved once."""
