"""Studies: many futures, several policies, and what to make of them."""
