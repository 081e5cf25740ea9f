"""Scenario files: the schema, loading with all errors at once, and the complete ("resolved") scenario."""
