"""The time for which stories are remembered."""

from datetime import timedelta

WINDOW = timedelta(days=7)
"""How long a story is remembered after it was last told: after a week a tenth of its likeness counts."""
