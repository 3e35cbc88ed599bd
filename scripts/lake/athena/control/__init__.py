"""Installs, starts and stops the two processes."""
