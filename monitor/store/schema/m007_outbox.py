"""Deliveries that are said short and plain, and those that somebody has dropped."""

SQL = """
-- the service refused the message as it was: it is said short and plain
ALTER TABLE deliveries ADD COLUMN plain INTEGER NOT NULL DEFAULT 0;

ALTER TABLE deliveries ADD COLUMN dropped_at INTEGER;

-- what readers see: the state, and `dropped` where somebody has given it up by hand
ALTER TABLE deliveries ADD COLUMN fate TEXT
    GENERATED ALWAYS AS (CASE WHEN dropped_at IS NULL THEN state ELSE 'dropped' END) VIRTUAL;

CREATE INDEX deliveries_arrived ON deliveries (target, ended_at) WHERE state = 'delivered'
"""
