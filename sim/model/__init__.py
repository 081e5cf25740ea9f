"""From a scenario to what the clocks play: set-up, outcomes, and a model with something changed."""
