"""The letters of a case: a draft to look at, issuing one, and the pages as they were issued."""
