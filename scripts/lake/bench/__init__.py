"""`lake bench`: figures of the platform on this machine. Benchmarks, never tests."""
