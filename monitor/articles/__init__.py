"""ROOM 4: a page → its full text. Knows neither feeds nor topics."""
