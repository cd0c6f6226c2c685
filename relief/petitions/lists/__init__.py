"""The lists that people work from: the queues, what is asked of one, a long list a page at a time,
and the views that somebody keeps."""
