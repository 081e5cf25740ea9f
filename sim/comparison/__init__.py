"""Comparing scenarios under common random numbers, and why they differ.

`pairs` says how two scenarios differ in an outcome and how sure that is, `holm` allows for many such questions at once.
`compare` plays the scenarios and puts all that together; `words` is the table and the sentences about it.
`explain` says why two scenarios differ: by `changes` in the file and by `couplings` of the model, in `shapley` values.
"""
