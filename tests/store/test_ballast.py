"""The ballast: room that is given back when the disk is full."""

from pathlib import Path

from monitor.store.ballast import SIZE, Ballast


def test_the_ballast_takes_room_and_gives_it_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "monitor.db")
    ballast.hold()
    ballast.hold()
    assert ballast.path.stat().st_blocks * 512 >= SIZE
    assert ballast.release()
    assert not ballast.release()
    assert list(tmp_path.iterdir()) == []
