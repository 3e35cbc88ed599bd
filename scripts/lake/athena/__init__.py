"""Local Athena: the Athena and Glue APIs on one loopback port, before a real Trino."""
