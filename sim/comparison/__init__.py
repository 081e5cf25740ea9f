"""Compares scenarios with common random numbers, and explains why they differ.

`compare` plays the scenarios and estimates their differences; `words` writes tables and sentences.
`explain` says why two scenarios differ: by `changes` in the file and by `couplings` of the model, in Shapley values.
`plays` plays what these need, and `told` puts the explanation into words.
"""
