"""Results in words: the summary and the table of a run, and one replication told event by event."""
