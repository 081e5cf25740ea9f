"""The functions behind ``import sim``. Each loads, plays, draws and keeps results; the command line calls them too.

`run` plays one scenario, and `running` looks after its folder. `compare`, `calibrate`, `backtest` and `optimise` do
what their names say; `evidence` is what calibrating and back-testing have in common.
"""
