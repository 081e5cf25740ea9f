"""The clocks that drive the rules, with the same results to the last bit.

`reference` is the SimPy clock, readable and traceable event by event; `compiled` is the compiled clock, for ensembles.
Behind the latter stand `loop` (what it plays), `compiled_rules` and `parts` (the rules, compiled), `layout` (state and
parameters as records), `entropy` and `generator` (the streams), `draws` (uncertain numbers); and `program`, `machine`,
`cache` and `ready`: compiled programs, kept from run to run. `tally` counts diaries. `budget` says when either gives a
replication up.
"""
