"""Studies: several policies in many futures, and analyses of the results.

- The question: `study` defines a study and `schema` its file; `file` reads it with `page`, `factors` and `policies`.
- Playing: `run`, with `plan`, `futures`, `cases`, `desk`, `reduce` and `rows`; `store` saves and opens the dataset.
- Analyses, which read the dataset through `pick`: `table`, `sensitivity` (with `indices`), `discover` (with `boxes` and
  `regions`), `robust` (with `rules`, `flip` and `noise`) and `voi` (with `evpi`).
- Searching: `optimise`, with `candidates`, `search`, `front` and `front_files`.
- `ema` connects to the EMA Workbench.
"""
