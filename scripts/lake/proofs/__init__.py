"""Proofs on the project itself: incremental builds, crashes."""
