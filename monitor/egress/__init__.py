"""The one way out: every HTTP request of the monitor goes through `Egress.request`.

Checks the address that is actually connected to, follows redirects by hand, counts decoded bytes, and has
one deadline that a dripping server can not outlive. Knows nothing of feeds, and keeps no cookies.
"""

from monitor.egress.client import MAX_BYTES, MAX_CONNECTIONS_PER_HOST, TIMEOUT, USER_AGENT, Egress
from monitor.egress.response import Headers, Response

__all__ = ["MAX_BYTES", "MAX_CONNECTIONS_PER_HOST", "TIMEOUT", "USER_AGENT", "Egress", "Headers", "Response"]
