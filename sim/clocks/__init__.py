"""The clocks that drive the rules, with the same results to the last bit.

`reference` is the SimPy clock, readable and traceable event by event; `compiled` is the compiled clock, for ensembles.
Behind the latter stand `twins` (the rules, compiled), `layout` (state and parameters as records), `generator` (the
streams), `draws` (uncertain numbers), `cache` and `ready` (compiled programs kept from run to run). `budget` says when
either gives a replication up.
"""
