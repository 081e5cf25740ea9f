"""The clocks that drive the rules: `reference` is the SimPy clock, readable and traceable event by event."""
