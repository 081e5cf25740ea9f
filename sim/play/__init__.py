"""Playing: many replications of a scenario, what they say day by day, and the folder that keeps them.

`play` plays a `cast` in chunks, with the clock that `choice` takes: a `player` plays each chunk, for `workers` or a
`cluster`, which `stopping` ends. `run` plays a whole run, and its first replications again as `twins`. `work` keeps
what is finished: outcomes by `columns`, days by `histogram`. `daily` unfolds one replication day by day, and `dataset`
turns counts into bands. `undisturbed` plays the plan without disturbances.

`result` is what a run returns. `storage` writes and reads it, in a `folder` (looked after by `handover`, `kept`,
`files` and `place`) that belongs to an `identity`; `answer` takes results from there, and `codebook` explains them.
`room` checks in advance whether there is enough memory.
"""
