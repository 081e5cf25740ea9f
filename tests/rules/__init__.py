"""Tests of the rules: conservation, closed forms, random streams, plausibility, and how rules are written."""
