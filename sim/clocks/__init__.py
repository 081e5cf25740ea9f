"""The two clocks that drive the rules. They give the same results to the last bit.

The first is `reference`, the SimPy clock, easy to read and to trace event by event.

The second is `compiled`, for large runs. It lays a scenario out in memory (`layout`, `draws`, `entropy`) and has a
program play it. A `program` comes with the package as bitcode (`shipped`), becomes machine code (`machine`) and is kept
(`cache`). What makes programs needs Numba and is imported only then: `loop`, `agenda` and `generator` are the clock
itself, `compiled_rules` and `bits` the rules, `blocks` and `parts` say how such code sees memory and calls, and
`bitcode` turns a function into a program.

`tally` adds up diaries, and `budget` says when either clock gives up on a replication.
"""
