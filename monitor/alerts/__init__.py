"""Room 5: from hits to alerts. A small Alertmanager; sees labels, not topics or feeds."""
