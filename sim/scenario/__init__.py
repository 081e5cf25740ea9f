"""Scenario files: the schema, loading with all errors reported at once, and the complete ("resolved") scenario."""
