"""The streaming path: producer, stream, enrichment, delivery, and whether a stream can work."""
