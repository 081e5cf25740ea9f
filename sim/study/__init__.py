"""Studies: many futures, several policies, and what to make of them.

Asking: `study` says what a study is, `schema` what its file may hold; `file` reads one, through `page`, `factors` and
`policies`. Playing: `run`, with `plan`, `futures`, `play`, `desk`, `reduce` and `rows`; `store` keeps and opens the
dataset. Analysing it, by `pick`: `table`; `sensitivity`; `discover`, with `boxes` and `regions`; `robust`, with `flip`
and `noise`; `voi`. Searching: `optimise`, with `candidates`, `search`, `estimates`, `front` and `front_files`. `ema` is
for the EMA Workbench.
"""
