"""What is learnt of a feed's rhythm, its limits and wishes, and where it has moved to."""

SQL = """
-- Microseconds: between these its rhythm moves the interval. NULL: nobody set a limit.
ALTER TABLE feeds ADD COLUMN min_interval INTEGER;
ALTER TABLE feeds ADD COLUMN max_interval INTEGER;
-- Entries found at each hour of the week, see feeds/rhythm.py.
ALTER TABLE feeds ADD COLUMN rhythm BLOB;
-- JSON: what the head of its last document asked of those who poll it.
ALTER TABLE feeds ADD COLUMN wishes TEXT NOT NULL DEFAULT '';
-- Where permanent redirects lead, and how often in a row they led there.
ALTER TABLE feeds ADD COLUMN moved_to TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN moved_times INTEGER NOT NULL DEFAULT 0
"""
