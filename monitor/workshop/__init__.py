"""Watchlists that test themselves: what topics would catch in the stored entries, and how to better them."""
