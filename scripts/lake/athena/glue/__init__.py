"""The Glue catalogue: direct calls and the rules that make it behave like Glue."""
