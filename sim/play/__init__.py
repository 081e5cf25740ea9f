"""Ensembles: many replications of one scenario, what they say day by day, and the folder that keeps it.

`chunk` plays some replications, by the clock that `choice` takes; `workers` and `cluster` are who plays chunks; `work`
keeps what is done, outcomes by `columns` and days by `histogram`; `run` plays all, and the first as `twins` once more.
`daily` unfolds one replication day by day, `dataset` turns counts into bands; `undisturbed` is the course of the plan
without disturbances.
`result` is what a run gives; `storage` writes and reads it, in the `folder` of its `identity`. `room` tries beforehand
whether there is memory to play in.
"""
