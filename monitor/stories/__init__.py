"""ROOM 3: entries → stories, by two ties: a copy of the same text, and another telling of the same happening.

    piece ─ terms ──────── what it is about, each term weighed by its rarity in the stream
          ─ shingles ───── how it is worded
          ─ kinds ──────── whether it is one of many of its publisher's that are alike by their pattern
          ─ Stories.place  copy of? → same happening? → a story of its own            pure, one at a time
          ─ origins ────── who told it first: the credit in its text, or its own outlet
          ─ recycled ───── whether it is old

Nothing here compares all with all: candidates come from indexes of rare terms and of shingles.
"""
