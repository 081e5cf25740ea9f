"""What data say: records of attacks, the fit of the attack process to them, and tests against what happened.

`record` is what a data file says, and `read` reads it: `table` from the disk to texts, `layouts` what columns mean,
`values` from texts to dates and numbers, `events` and `counts` from there to a record; `findings` is what is said
on the way. `data` holds the attacks that the shipped scenarios are about.

`severity` says what the harm of single attacks tells, `deaths` and `wounds` doing its two larger fits; `estimate` is a
number with its interval.
"""
