"""`monitor token` and `monitor web`: who may use the desk, its API, its feeds and the links to it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.console import err, iso, out, print_json, table, when, words
from monitor.cli.options import ConfigOption, DatabaseOption, JsonOption, examples, find_settings
from monitor.clock import clock
from monitor.errors import WrongUseError

if TYPE_CHECKING:
    from monitor.store.access import Token
    from monitor.store.store import Store

commands = typer.Typer()
tokens = typer.Typer(
    name="token",
    help="Let programs in: tokens for the JSON API and the outgoing feeds.",
    no_args_is_help=True,
)
web = typer.Typer(
    name="web", help="The desk: its password, and the links to it in messages.", no_args_is_help=True
)
commands.add_typer(tokens)
commands.add_typer(web)

NOT_THERE = 1


class TokenScope(StrEnum):
    """What a token is good for."""

    READ = "read"
    WRITE = "write"
    FEEDS = "feeds"


@tokens.command(
    epilog=examples(
        "monitor token add grafana # reads the API and /metrics",
        "monitor token add script --scope write # may judge hits too",
        "monitor token add reader --scope feeds # reads outgoing feeds, nothing else",
        "monitor token add both --scope read --scope feeds",
    )
)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.", show_default=False)],
    scopes: Annotated[
        list[TokenScope] | None,
        typer.Option(
            "--scope",
            help="`read` the API and /metrics (if nothing is said), `write` by the API too, "
            "read the outgoing `feeds`; may be said several times.",
        ),
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Make a token. It is shown this once; only a hash of it is kept."""
    from monitor.store.access import SCOPES
    from monitor.web.keys import NAME_RULE, digest_of, is_token_name, new_key

    if not is_token_name(name):
        raise WrongUseError(f"{name!r}: {NAME_RULE} is expected")
    key, wanted = new_key(), [one for one in SCOPES if one in (scopes or [TokenScope.READ])]
    with _writing(config, database) as store:
        if not store.add_token(name, digest_of(key), scopes=wanted, now=clock()):
            raise WrongUseError(f"there is a token {name!r} already; `monitor token revoke` takes it back")
    if as_json:
        print_json({"name": name, "scopes": wanted, "token": key})
        return
    out().print(words(key), soft_wrap=True)
    err().print(words(f"the token {name} (scope {', '.join(wanted)}); it is shown only now", "dim"))
    if "feeds" in wanted:
        web = find_settings(config, database).web
        site = web.public_url or f"http://{web.listen}"
        addresses = f"{site}/out/{key}/hits.atom (or .rss, .json), with ?topic=, watchlist=, severity= or q="
        err().print(words(addresses, "dim"), soft_wrap=True)


@tokens.command("list", epilog=examples("monitor token list"))
def list_(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """List the tokens: what each is good for, when it was last used."""
    from monitor.clock import zone_of

    with _writing(config, database) as store:
        found = store.tokens()
    if as_json:
        print_json({"tokens": [_facts(one) for one in found]})
        return
    if not found:
        err().print(words("no tokens; `monitor token add NAME` makes one"))
        return
    zone, now = zone_of(find_settings(config, database).time_zone), clock()
    shown = table()
    for column in ("token", "scope", "made", "used"):
        shown.add_column(column, overflow="fold")
    for one in found:
        used_at = when(one.used_at, zone=zone, now=now) if one.used_at else "never"
        shown.add_row(
            words(one.name, "bold"), ", ".join(one.scopes), when(one.made_at, zone=zone, now=now), used_at
        )
    out().print(shown)


@tokens.command(epilog=examples("monitor token revoke grafana"))
def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The token's name.", show_default=False)],
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take a token back; it is good for nothing from now on. Exit code 1: there is none of this name."""
    with _writing(config, database) as store:
        known = {one.name: one for one in store.tokens()}
        if not store.revoke_token(name):
            err().print(words(f"there is no token {name!r}"))
            raise typer.Exit(NOT_THERE)
    out().print(words(f"revoked {name} (scope {', '.join(known[name].scopes)})"))


@web.command(
    epilog=examples("monitor web password # asks for it", "monitor web password < secret # its first line")
)
def password(config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Set the desk's password, and end all sessions.

    Needed where the desk is not visited from its own machine first. From a pipe
    the first line is read.
    """
    from monitor.web.doors import PASSWORD
    from monitor.web.passwords import hashed, objection

    new = _asked() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if why := objection(new):
        raise WrongUseError(f"this can not be the password: {why}")
    with _writing(config, database) as store, store.transaction():
        store.set_secret(PASSWORD, hashed(new), now=clock())
        store.end_sessions(began_before=clock(), seen_before=clock())
    out().print(words("the password is set; all sessions have ended"))


@web.command("revoke-links", epilog=examples("monitor web revoke-links # somebody has forwarded a message"))
def revoke_links(config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Make all links in messages that were sent worthless; those to come are signed anew."""
    from monitor.acting import KEY

    with _writing(config, database) as store:
        store.set_secret(KEY, "", now=clock())
    out().print(words("links in messages that were sent before do nothing any more"))


def _facts(token: "Token") -> dict[str, object]:
    used_at = iso(token.used_at) if token.used_at else None
    made_at = iso(token.made_at)
    return {"name": token.name, "scopes": list(token.scopes), "made_at": made_at, "used_at": used_at}


def _asked() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@contextmanager
def _writing(config: Path | None, database: Path | None) -> "Iterator[Store]":
    """The database that these options mean, made if it is not there."""
    from monitor.store import open_store

    store = open_store(find_settings(config, database).database)
    try:
        yield store
    finally:
        store.close()
