"""From replications to numbers: samples, estimates, differences, precision, and the sources of variance."""
