"""An event-driven feed monitor: polls feeds, matches entries against topics, alerts durably."""

__version__ = "0.1.0"
