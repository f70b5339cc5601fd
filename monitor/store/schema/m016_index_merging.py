"""The full-text index merges its parts by sixteen, not by four: half of the writing, no slower to search."""

SQL = """
INSERT INTO entries_fts (entries_fts, rank) VALUES ('automerge', 16)
"""
