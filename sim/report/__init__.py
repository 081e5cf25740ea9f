"""Results as one page that can be mailed, and in which the reader moves the levers."""
