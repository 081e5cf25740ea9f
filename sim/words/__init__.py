"""What a run means: the summary of an ensemble, and one replication told event by event."""
