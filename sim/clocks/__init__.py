"""The two clocks that drive the rules. They give the same results to the last bit.

`reference` is the SimPy clock, easy to read and to trace event by event; `compiled` is the compiled clock, for large
runs. The compiled clock uses `loop` (its main loop), `agenda` (who acts next), `compiled_rules` and `parts` (the rules,
compiled), `layout` (state and parameters as NumPy records), `entropy` and `generator` (the streams), `bits` (numbers
taken apart) and `draws` (uncertain numbers). `program`, `machine`, `cache` and `ready` keep compiled programs from one
run to the next. `tally` adds up diaries, and `budget` says when either clock gives up on a replication.
"""
