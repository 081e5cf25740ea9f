"""From replications to numbers: samples, estimates, differences, precision, and what their variance comes from."""
