"""The operations of the Athena API."""
