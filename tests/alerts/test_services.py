"""The table of services holds what Apprise's plug-ins say of themselves."""

from collections.abc import Iterator
from typing import Any

import pytest

from monitor.alerts.services import SERVICES, Service, service_named, service_of

# Apprise's figure is lower than the service's own, on purpose.
ROOMIER = {"workflow", "workflows"}


def plugins() -> Iterator[tuple[str, Any]]:
    from apprise.manager_plugins import NotificationManager

    manager: Any = NotificationManager
    services = manager()
    return ((scheme, services[scheme]) for scheme in sorted(services.schemas()))


def longest(service: Service, title_apart: bool) -> int:
    """What may arrive as a body: a title for which there is no field is put into it."""
    return service.text if title_apart or not service.title else service.title + 2 + service.text


def test_no_message_is_longer_than_its_plugin_takes() -> None:
    too_long = {
        scheme: (service_named(scheme), plugin.body_maxlen)
        for scheme, plugin in plugins()
        if scheme not in ROOMIER
        and isinstance(plugin.body_maxlen, int)
        and isinstance(plugin.title_maxlen, int)
        and longest(service_named(scheme), plugin.title_maxlen > 0) > plugin.body_maxlen
    }
    assert too_long == {}


def test_no_title_is_longer_than_its_plugin_takes() -> None:
    too_long = [
        scheme
        for scheme, plugin in plugins()
        if isinstance(plugin.title_maxlen, int) and 0 < plugin.title_maxlen < service_named(scheme).title
    ]
    assert too_long == []


def test_every_listed_scheme_is_one_of_apprise_or_ours() -> None:
    assert set(SERVICES) - {scheme for scheme, _ in plugins()} == {"stdout"}


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("slack://a/b/c", "slack"),
        ("MAILTOS://user:pw@example.org", "mailtos"),
        ("https://hooks.slack.com/services/a/b/c", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://prod-1.westeurope.logic.azure.com:443/workflows/x", "workflows"),
        ("https://[broken", "https"),
        ("https://example.org/", "https"),
        ("stdout://", "stdout"),
    ],
)
def test_the_service_of_a_url(url: str, name: str) -> None:
    assert service_of(url) == name


def test_an_unknown_service_gets_modest_limits() -> None:
    assert service_named("carrierpigeon").text < 1000
