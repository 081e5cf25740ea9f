"""From played replications to estimates with intervals."""
