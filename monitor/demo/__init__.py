"""A tour of the real pipeline on loopback: sample feeds, a receiver that listens, a check of each step.

Nothing outside this room knows of it: what it runs is the daemon's own `run_monitor`.
"""
