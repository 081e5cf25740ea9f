"""Comparing scenarios under common random numbers, and why they differ.

`pairs` says how two scenarios differ in an outcome and how sure that is, `holm` allows for many such questions at once;
`compare` plays the scenarios and puts that together, `words` writes it, `commands` is what the command line calls.
`explain` says why two scenarios differ, `told` in words: by `changes` in the file and by `couplings` of the model, in
`shapley` values over the games that `plays` plays.
"""
