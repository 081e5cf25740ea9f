"""What data say: records of attacks, the fit of the attack process to them, and tests against what happened.

`record` is what a data file says; `read` reads it.
"""
