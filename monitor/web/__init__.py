"""The desk: pages for a browser, live hits, a JSON API, metrics."""
