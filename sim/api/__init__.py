"""What ``import sim`` offers: each function loads, plays, asks, draws and keeps. The command line calls the same ones.

`run` plays one scenario, and `running` looks after its folder. `compare`, `calibrate`, `backtest` and `optimise` are
named after what they do; `evidence` is what calibrating and back-testing have in common.
"""
