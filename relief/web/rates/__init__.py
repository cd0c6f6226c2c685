"""What a grade brings a month, by which document."""
