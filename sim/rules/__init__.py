"""The rules of the model: plain scalar functions of a state, the parameters and named random streams.

`parameters` and `state` hold the numbers, `told` lists what a rule can report, and `streams`, `variates` and
`uncertain` (with `normal` and `portable`) provide chance. Each process has a module: `posture` (with `presence`),
`drawdown` (with `plan`, `holds`, `milestones`, `lift` and `closing`), `attacks` (with `rain` and `tension`),
`casualties`, `response`, `talks`, `pressure`, `threat`, `capability` and `cost`. `processes` lists them in the order
in which ties are settled. `outcomes` defines what is measured, and `diary` what is recorded day by day.
"""
