"""Checks on what was built: reconciliation and quarantine."""
