"""Pages of our own writing, for the tests of the room."""

PARAGRAPHS = (
    "Two frigates sailed north through the strait on Monday night, the ministry in the capital said, "
    "followed by four cutters of the coast guard that kept a distance of some three miles.",
    "It was the third passage since spring. Fishermen who had gone out before dawn spoke of lights on the "
    "horizon and of radio calls in two languages, and turned back to port.",
    "In the eighth paragraph stands what matters to us: a spy station in Cuba has been listening since 2019, "
    "three officials said, asking not to be named.",
    "The embassy did not answer a request for comment by the time this page was made. A spokesman had "
    "earlier called such reports inventions, and said that the ships had every right to be there.",
)


def page(*, head: str = "", paragraphs: tuple[str, ...] = PARAGRAPHS, lang: str = "en") -> str:
    """A news page: navigation, an article, links to others, a footer."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>Frigates pass</title>{head}</head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<main><article><h1>Frigates pass</h1>{text}</article></main>
<aside><h2>Read more</h2><ul><li><a href="/balloon">A balloon is shot down</a></li></ul></aside>
<footer><p>All rights reserved. <a href="/imprint">Imprint</a></p></footer></body></html>"""
