"""The letters of a case: a preview of one, issuing one, and the pages as they were issued."""
