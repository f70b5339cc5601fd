"""What every store must do for access to the desk."""

from datetime import UTC, datetime, timedelta

from monitor.store.access import Session, Token
from monitor.store.store import Store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class AccessContract:
    """Secrets, sessions and tokens."""

    def test_there_is_no_secret_before_one_is_set(self, store: Store) -> None:
        assert store.secret("password") == ""

    def test_a_secret_takes_the_place_of_the_one_before(self, store: Store) -> None:
        store.set_secret("password", "one", now=NOW)
        store.set_secret("password", "two", now=NOW)
        assert store.secret("password") == "two"

    def test_the_first_who_asks_makes_a_secret(self, store: Store) -> None:
        assert store.first_secret("links", lambda: "one", now=NOW) == "one"
        assert store.first_secret("links", lambda: "two", now=NOW) == "one"

    def test_a_session_is_found_by_its_digest_until_it_ends(self, store: Store) -> None:
        store.add_session(b"a", who="ann", now=NOW)
        store.touch_session(b"a", now=NOW + DAY)
        assert store.session(b"a") == Session(who="ann", began_at=NOW, seen_at=NOW + DAY)
        store.end_session(b"a")
        assert store.session(b"a") is None

    def test_sessions_end_that_are_old_or_were_not_used(self, store: Store) -> None:
        for digest, began in ((b"old", NOW), (b"unused", NOW + DAY), (b"good", NOW + DAY)):
            store.add_session(digest, who="", now=began)
        for digest in (b"old", b"good"):
            store.touch_session(digest, now=NOW + 3 * DAY)
        assert store.end_sessions(began_before=NOW + DAY, seen_before=NOW + 2 * DAY) == 2
        assert store.session(b"good") is not None

    def test_a_token_is_found_by_its_digest_until_it_is_revoked(self, store: Store) -> None:
        assert store.add_token("ci", b"a", scopes=["read"], now=NOW)
        store.touch_token("ci", now=NOW + DAY)
        token = Token(name="ci", scopes=("read",), made_at=NOW, used_at=NOW + DAY)
        assert (store.token(b"a"), store.tokens()) == (token, [token])
        assert store.revoke_token("ci")
        assert (store.token(b"a"), store.revoke_token("ci")) == (None, False)

    def test_a_second_token_of_a_name_is_not_kept(self, store: Store) -> None:
        assert store.add_token("ci", b"a", scopes=["read"], now=NOW)
        assert not store.add_token("ci", b"b", scopes=["write"], now=NOW)
        assert store.token(b"b") is None

    def test_a_token_may_be_good_for_several_things(self, store: Store) -> None:
        assert store.add_token("all", b"a", scopes={"feeds", "write", "read"}, now=NOW)
        assert store.add_token("feeds", b"b", scopes=["feeds"], now=NOW)
        assert [one.scopes for one in store.tokens()] == [("read", "write", "feeds"), ("feeds",)]
