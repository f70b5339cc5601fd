"""What the daemon's log does where it can not be written."""

import io
import json

import structlog

from monitor.log import configure, log_report
from monitor.reports import Serving


class FullForAWhile(io.StringIO):
    """A file on a disk that has no room for the first line."""

    is_full = True

    def write(self, text: str) -> int:
        if self.is_full:
            self.is_full = False
            raise OSError(28, "No space left on device")
        return super().write(text)


def test_a_line_that_has_no_room_is_left_out_and_the_next_is_written() -> None:
    out = FullForAWhile()
    configure(form="json", level="info", mask=str, stream=out)
    try:
        for address in ("http://one.example/", "http://two.example/"):
            log_report(Serving(address=address))
    finally:
        structlog.reset_defaults()
    (line,) = out.getvalue().splitlines()
    assert json.loads(line)["address"] == "http://two.example/"
