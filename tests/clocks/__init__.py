"""Tests of the clocks: the contract between rules and clocks, and whole logs of small scenarios."""
