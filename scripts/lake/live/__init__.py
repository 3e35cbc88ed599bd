"""Operational databases that models read while they live, beside the landed extracts of them."""
