"""Room 2: from documents to matches. A small Lucene Monitor; knows nothing of feeds or alerts."""

from monitor.topics.compiled import leave_out_older

ARE_PARTS_OLDER = leave_out_older()
"""Asked before anything here imports one of them."""
