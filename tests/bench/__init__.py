"""Benchmarks: what the bot does in numbers, next to a peer that is measured in the same run."""
