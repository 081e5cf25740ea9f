"""Ensembles: many replications of one scenario, what they say day by day, and the folder that keeps it.

`catalogue` names what is measured; `daily` observes one replication; `chunk` plays some of them and `run` all of them,
by worker processes; `intervals` says how sure a result is, `targets` what precision is asked for and `precision` when
it is reached; `histogram` counts, `dataset` turns counts into bands; `plan` is the course without disturbances;
`result` holds a run in memory and `storage` on disk.
"""
