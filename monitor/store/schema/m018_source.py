"""The site or feed that an entry says it was taken from."""

SQL = """
ALTER TABLE entries ADD COLUMN source TEXT NOT NULL DEFAULT ''
"""
