"""What the stories' memory holds, kept so that a start need not read the window's entries again."""

SQL = """
CREATE TABLE story_memory (
    part INTEGER PRIMARY KEY,
    newest INTEGER NOT NULL,                -- the newest entry that it knows
    packed BLOB NOT NULL                    -- see stories/memory.py
);
CREATE INDEX stories_merged ON stories (merged_into) WHERE merged_into IS NOT NULL
"""
