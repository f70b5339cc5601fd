"""Room 1: from the wire to entries. Knows nothing of topics, alerts or the store."""
