"""Letters to petitioners: from templates that an office may change, kept with the case exactly as
they were issued."""
