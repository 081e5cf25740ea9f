"""What data say about attacks, and what they do not say.

Reading: `read` turns a file into an `AttackRecord` (`record`). `table` goes from the disk to texts, `layouts` says what
the columns mean, `values` turns texts into dates and numbers, and `events`, `counts` and `weeks` make the record.
`findings` collects problems and notes. `gaps`, `quiet` and `rhythm` deal with times that nobody watched and dates that
cannot be taken literally; `cut` joins and cuts records. `data` holds the attacks behind the shipped scenarios.

Fitting: `calibrate` fits and compares the `models`. `stretches` is their background under dated regimes; `likelihood`
says how likely a record is (`excited`, `scattered`, `switching`; `large` and `large_switching` for large counts). `fit`
finds the best parameters, their intervals and draws, `goodness` compares a fit with the record by what `simulate`
plays, `held_out` scores models out of sample, and `recommend` chooses. `fragment` and `fit_file` write the fit as a
scenario file. `backtest` scores forecasts, and `backtest_told` says what the scores show.

Harm: `severity` says what the harm of single attacks shows; `deaths` and `wounds` make its two larger fits. `fitted` is
a number with its interval. `hinges` measures how much the outcomes depend on each number that no data inform.

Drawdowns: `drawdowns` reads the record of announced drawdowns, `conduct` what is known of them beyond dates (`cells`
reads files whose columns are known), `departures` says how troops left, and `friction` learns what comes between a plan
and its being carried out. `hindcast` scores how well that foretells drawdowns of the past: `happened` reads what came,
`courses` plays, and `hindcast_told` says what the scores show.
`trends` fits the trends of the record, and computes the ranges of the shipped scenarios that follow from them.
"""
