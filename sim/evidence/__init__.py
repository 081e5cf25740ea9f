"""What data say, and what they do not.

`record` is what a data file says, and `read` reads it: `table` from the disk to texts, `layouts` what columns mean,
`values` from texts to dates and numbers, `events` and `counts` from there to a record; `findings` is what is said
on the way. `cut` puts records together and cuts them. `data` holds the attacks that the shipped scenarios are about.

`calibrate` fits the attack process: `stretches` are its background under dated regimes, `models` what is compared,
`excited` and `switching` their likelihoods, `fit` the best parameters, their intervals and draws; `goodness` holds a
fit against the record, with what `simulate` plays; `fragment` writes it as a scenario file. `backtest`
forecasts what came. `commands` go from files to files; `kernel` compiles loops.

`severity` says what the harm of single attacks tells, `deaths` and `wounds` doing its two larger fits; `fitted` is a
number with its interval. `hinges` measures how much hangs on each number that no data inform.
"""
