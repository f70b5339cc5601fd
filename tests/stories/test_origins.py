"""Who told it first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.origins import _NAMES, _SITES, Origin, origin_of, publisher_of, site_of
from tests.stories.telling import FERRY


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FERRY[0][1], "Reuters"),
        ("VISBY, Sweden (AP) — A ferry ran aground", "AP"),
        ("AP - A ferry ran aground", "AP"),
        ("Xinhua | STOCKHOLM: a ferry", "Xinhua"),
        ("A ferry ran aground, according to Xinhua, near Gotland", "Xinhua"),
        ("The captain told NBC News that the lights went out", "NBC News"),
        ("A ferry ran aground. " * 20 + "(Reporting by A. Writer; Reuters)", "Reuters"),
        ("Die Fähre lief auf Grund, laut dpa, vor Gotland", "dpa"),
        ("Le ferry s'est échoué, selon l'AFP", "AFP"),
        ("El ferri encalló, según EFE", "EFE"),
        ("МОСКВА, 1 мар — РИА Новости. Паром сел на мель", "RIA Novosti"),
        ("/ТАСС/. Паром сел на мель", "TASS"),
        ("Паром сел на мель, сообщает Интерфакс", "Interfax"),
        ("新华社斯德哥尔摩3月1日电 一艘渡轮", "Xinhua"),
        ("据路透社报道，一艘渡轮触礁", "Reuters"),
        ("（東京共同）フェリーが座礁した", "Kyodo"),
    ],
)
def test_a_credit_names_the_origin(text: str, name: str) -> None:
    assert origin_of(text, publisher="example.org") == Origin(name=name, credited=True)


@pytest.mark.parametrize(
    "text",
    [
        "The AP exam is hard",
        "Reuters shares rose in London on Monday",
        "A man (a Reuters photographer) was hurt",
        "The cap of the CNNs",
        "",
    ],
)
def test_a_name_that_is_only_mentioned_is_no_credit(text: str) -> None:
    assert origin_of(text, publisher="example.org") == Origin(name="example.org")


def test_an_author_may_be_the_agency() -> None:
    assert origin_of("A ferry", author="By Reuters", publisher="example.org").name == "Reuters"
    assert origin_of("A ferry", author="Ann Reuter", publisher="example.org").name == "example.org"


def test_who_publishes_is_the_owner_else_the_site_else_the_feed() -> None:
    assert publisher_of(owner="Springer", site="www.welt.de", feed="Welt") == "Springer"
    assert publisher_of(owner="", site="www.welt.de", feed="Welt") == "welt.de"
    assert publisher_of(owner="", site="feeds.a.co.uk", feed="A") == "a.co.uk"
    assert publisher_of(owner="", site="m.com", feed="M") == "m.com"
    assert publisher_of(owner="", site="", feed="M") == "M"


@given(st.text(alphabet="APReutrs()—- 新华社电据\n(", max_size=300))
def test_any_text_has_an_origin(text: str) -> None:
    assert origin_of(text, author=text, publisher="p").name


@pytest.mark.parametrize(
    ("link", "source", "feed", "site"),
    [
        ("news.all.example", "www.one.example", "news.all.example", "www.one.example"),
        ("www.all.example", "one.example", "feeds.all.example", "one.example"),
        ("", "one.example", "all.example", "one.example"),
        ("one.example", "two.example", "all.example", "one.example"),  # it leads to the outlet itself
        ("all.example", "", "all.example", "all.example"),
        ("", "", "all.example", ""),
    ],
)
def test_whose_site_it_is_an_aggregator_says(link: str, source: str, feed: str, site: str) -> None:
    assert site_of(link=link, source=source, feed=feed) == site


@pytest.mark.parametrize(
    ("site", "text"),
    [
        ("www.reuters.com", "(Reuters) - A ferry ran aground."),
        ("english.news.cn", "A ferry ran aground, according to Xinhua."),
        ("feeds.bbci.co.uk", "By BBC News"),
        ("tass.ru", "/ТАСС/. Паром сел на мель."),
    ],
)
def test_who_is_credited_elsewhere_is_the_same_on_its_own_site(site: str, text: str) -> None:
    assert publisher_of(owner="", site=site, feed="F") == origin_of(text, publisher="example.org").name


@pytest.mark.parametrize("site", ["notreuters.com", "reuters.com.example.org", "com", "ap", "microsoft.com"])
def test_a_site_that_is_only_called_alike_is_itself(site: str) -> None:
    assert publisher_of(owner="", site=site, feed="F") == site


def test_every_site_is_of_somebody_who_can_be_credited() -> None:
    assert set(_SITES) == set(_NAMES)
