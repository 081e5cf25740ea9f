"""A scenario made ready to be played, what is measured of it, and variants of it."""
