"""Room 2: from documents to matches. A small Lucene Monitor; knows nothing of feeds or alerts."""
