"""Papers of a case: what people bring, as files. Their bytes lie sealed in the data folder under
their SHA-256; that one was attached or taken back is a step of the case."""
