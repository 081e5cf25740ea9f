"""The rules: what happens, as plain scalar functions over a state, parameters and named random streams.

`parameters` and `state` hold the numbers; `streams`, `variates` and `uncertain` are chance. Then one module for each
process: `posture`, `drawdown` (with `plan`, `holds`, `milestones`, `lift` and `closing`), `attacks` (with `rain` and
`tension`), `casualties`, `response`, `talks`, `pressure`, `threat`, `capability`, `cost`. `processes` lists them in
the order of ties. `outcomes` says what is measured, and `diary` what is noted day by day.
"""
