"""The page that a reader opens: a report in one HTML file, which plays fresh replications in the browser."""
