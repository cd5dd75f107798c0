"""The HTML pages of outputs/: valid, accessible, alone in the world, never wider than a phone or A4."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache, lru_cache
from html import escape
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "outputs").glob("*.html"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE, PAPER = 360, 658
"""Widths in px: of a small phone, and of A4 (210 mm) between its margins of 18 mm."""
_HTML = "{http://www.w3.org/1999/xhtml}"

each_page = pytest.mark.parametrize(
    "page", [pytest.param(page, id=page.stem, marks=pytest.mark.xdist_group(f"page {page.stem}")) for page in PAGES]
)


@lru_cache(2)
def parsed(text: str, strict: bool = False) -> Element:
    """The tree that the HTML standard says; with `strict`, the first mistake is raised."""
    if not os.environ.get("CI"):
        pytest.importorskip("html5lib", reason="html5lib, of the test extra, is not installed")
    import html5lib

    tree: Element = html5lib.HTMLParser(strict=strict).parse(text)
    return tree


def test_there_are_pages() -> None:
    """A check that looked at nothing has failed."""
    assert len(PAGES) >= 5


@each_page
def test_the_parser_of_the_standard_finds_no_mistake(page: Path) -> None:
    """Strict parsing: every element closed and where it may stand, no attribute twice, one doctype."""
    tree = parsed(page.read_text("utf-8"), strict=True)
    assert tree.tag == f"{_HTML}html" and len(list(tree.iter())) > 50


def test_the_parser_finds_mistakes() -> None:
    """The check above can fail: an element that is not closed, a block in a paragraph, an attribute twice."""
    good = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><p>x</p></body></html>'
    parsed(good, strict=True)
    from html5lib import html5parser

    assert not mistakes(good.replace("<p>x</p>", "<h1>T</h1><p>x</p>"))
    for bad in ("<p><div>x</div></p>", "<em>x</p>", '<p id="a" id="b">x</p>', "<p>x</p></section>"):
        with pytest.raises(html5parser.ParseError):
            parsed(good.replace("<p>x</p>", bad), strict=True)


@each_page
def test_no_rule_of_accessibility_is_broken(page: Path) -> None:
    """Language, headings in order, names of figures, heads of tables, order of the keyboard."""
    assert mistakes(page.read_text("utf-8"), strict=True) == []


def mistakes(text: str, strict: bool = False) -> list[str]:
    """What breaks a rule; with `strict`, the first mistake of form is raised."""
    tree, found = parsed(text, strict), []
    tags = [(element.tag.rpartition("}")[2], element) for element in tree.iter() if isinstance(element.tag, str)]
    if not tree.get("lang"):
        found.append("no language")
    titles = [e for tag, e in tags if tag == "title" and e.tag.startswith(_HTML)]
    if len(titles) != 1 or not (titles[0].text or "").strip():
        found.append("no title")
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    if levels.count(1) != 1 or levels[0] != 1:
        found.append(f"h1: {levels.count(1)}")
    found += [f"h{a} before h{b}" for a, b in pairwise(levels) if b > a + 1]
    found += [f"empty {tag}" for tag, e in tags if re.fullmatch("h[1-6]", tag) and not "".join(e.itertext()).strip()]
    names = {e.get("id"): "".join(e.itertext()).strip() for _, e in tags if e.get("id")}
    for tag, element in tags:
        if int(element.get("tabindex", "0") or 0) > 0:
            found.append("positive tabindex")
        if tag == "img" and not element.get("alt"):
            found.append("img without alt")
        if tag == "svg" and not (element.get("role") == "img" and named(element, names)):
            found.append("svg without role or name")
        if tag == "th" and element.get("scope") not in ("row", "col", "rowgroup", "colgroup"):
            found.append("th without scope")
        if tag == "table" and not list(element.iter(f"{_HTML}th")):
            found.append("table without heads")
        if tag in ("script", "iframe", "object", "embed", "link", "form", "input"):
            found.append(f"a {tag}")
        if tag == "details" and (len(element) == 0 or element[0].tag != f"{_HTML}summary"):
            found.append("details without summary")
        found += [f"{name} of {tag}" for name in element.keys() if name.startswith("on")]  # noqa: SIM118
    marks = [element.get("id") for _, element in tags if element.get("id")]
    found += [f"id {mark} twice" for mark in sorted(set(marks)) if marks.count(mark) > 1]
    return found


def named(element: Element, names: dict[str | None, str]) -> bool:
    """Whether a figure has a name: by a label, or by the elements that it points to."""
    if (element.get("aria-label") or "").strip():
        return True
    pointed = (element.get("aria-labelledby") or "").split()
    return bool(pointed) and all(names.get(one) for one in pointed)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('lang="en"', "", "no language"),
        ("<h2>", "<h4>", "h1 before h4"),
        ("<h1>A</h1>", "", "h1: 0"),
        ('role="img" aria-label="a plot"', "", "svg without role or name"),
        ('scope="col"', "", "th without scope"),
        ("<p>", '<p tabindex="3">', "positive tabindex"),
        ("<p>", '<p onclick="x()">', "onclick of p"),
        ("<p>", "<script></script><p>", "a script"),
        ("<summary>More</summary>", "", "details without summary"),
    ],
)
def test_the_rules_find_what_breaks_them(old: str, new: str, told: str) -> None:
    """Each rule sees its own mistake in a page that is otherwise good."""
    good = (
        '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><h1>A</h1><h2>B</h2><p>x</p>'
        '<svg role="img" aria-label="a plot"></svg><table><tr><th scope="col">n</th></tr></table>'
        "<details><summary>More</summary>y</details></body></html>"
    )
    assert mistakes(good) == []
    assert old in good and told in mistakes(good.replace(old, new))


@each_page
def test_a_page_asks_for_nothing_else(page: Path) -> None:
    """No address of the network, no script, no file beside it; name spaces are names and are not fetched."""
    text = page.read_text("utf-8")
    addresses = set(re.findall(r"https?://[^\"'\s<>)]+", text))
    assert addresses <= {f"http://www.w3.org/{name}" for name in ("2000/svg", "1999/xlink", "1998/Math/MathML")}
    assert not re.search(r"<script|javascript:|@import|url\((?!#)|\ssrc=|<link|srcset", text)
    assert all(target.startswith("#") for target in re.findall(r'(?:xlink:)?href="([^"]*)"', text))


def test_both_inks_can_be_read() -> None:
    """Contrast on white of at least 7 for text and 4.5 for reasons, as WCAG 2 reckons it."""
    style = (ROOT / "templates" / "html" / "style.css").read_text("utf-8")
    body, ink = re.search(r"body \{[^}]* color: (#\w+)", style), re.search(r"--ink: (#\w+)", style)
    assert body and ink and re.search(r"body \{[^}]*background: #fff;", style)
    assert contrast(body[1]) >= 7 and contrast(ink[1]) >= 4.5
    assert contrast("#fff") == 1 and contrast("#999") < 4.5 < contrast("#000") <= 21


def contrast(colour: str) -> float:
    """Of a colour with white."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * d for d in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


_MEASURE = """<script>addEventListener("load", () => {
  const width = [document.scrollingElement.scrollWidth, document.documentElement.clientWidth]
  document.querySelectorAll("details").forEach(folded => { folded.open = true })
  const edge = 2, window_width = document.documentElement.clientWidth, styles = new Map(), places = new Map()
  const once = (known, find) => box => { if (!known.has(box)) known.set(box, find(box)); return known.get(box) }
  const style_of = once(styles, box => ({x: getComputedStyle(box).overflowX, y: getComputedStyle(box).overflowY}))
  const place_of = once(places, box => box.getBoundingClientRect())
  const shut = value => value === "hidden" || value === "clip"
  const formulas = [...document.querySelectorAll("math")].filter(m => !m.parentElement.closest("math"))
  const cut = formulas.filter(formula => {
    const inside = formula.getBoundingClientRect()
    if (inside.width === 0) return true
    let scrolls = false
    for (let box = formula.parentElement; box !== document.documentElement; box = box.parentElement) {
      const style = style_of(box)
      if (style.x === "visible" && style.y === "visible") continue
      const around = place_of(box), above = inside.top < around.top - edge
      const high = above || inside.bottom > around.bottom + edge
      if (style.y !== "visible" && high && (shut(style.y) || above)) return true
      const open = style.x === "auto" || style.x === "scroll"
      // What begins left of a box that scrolls cannot be reached.
      if (open && !scrolls && inside.left < around.left - edge) return true
      if (!scrolls && shut(style.x) && (inside.right > around.right + edge || inside.left < around.left - edge))
        return true
      scrolls ||= open
    }
    return !scrolls && (inside.right > window_width + edge || inside.left < -edge)
  })
  parent.postMessage("NAME " + [...width, formulas.length, cut.length].join(" "), "*")
})</script></body>"""
_LISTEN = """<!DOCTYPE html><title>t</title><ul id="told"></ul><script>
addEventListener("message", e => { const li = document.createElement("li"); li.textContent = e.data; told.append(li) })
</script>"""


@cache
def told_by_chromium(width: int) -> dict[str, tuple[int, int, int, int]]:
    """{page: (how wide it is, how wide its window, formulas, of these cut off)}, told by copies in frames so wide."""
    pages = {page.stem: page.read_text("utf-8") for page in PAGES} | wrong_ones(width)
    with TemporaryDirectory() as made:
        folder, frames = Path(made), []
        for name, text in pages.items():
            copy = folder / f"{name}.html"
            copy.write_text(text.replace("</body>", _MEASURE.replace("NAME", name)), "utf-8")
            style = f"width: {width}px; height: 900px; border: 0"
            frames.append(f'<iframe src="{escape(copy.name)}" style="{style}"></iframe>')
        (folder / "all.html").write_text(_LISTEN + "".join(frames), "utf-8")
        command = [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=60000", "--dump-dom",
            (folder / "all.html").as_uri(),
        ]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    told = {name: tuple(map(int, numbers.split())) for name, numbers in re.findall(r"<li>(\S+) ([\d ]+)</li>", said)}
    assert set(told) == set(pages)
    return {name: (page, window, formulas, cut) for name, (page, window, formulas, cut) in told.items()}


def wrong_ones(width: int) -> dict[str, str]:
    """Pages that are wrong in one way each, and one that is right."""
    head = "<!DOCTYPE html><title>t</title><body style='margin: 0; line-height: 20px'>"
    wide = f"<math><mi style='display: inline-block; width: {2 * width}px; height: 18px'>x</mi></math>"
    return {
        "too-wide": "<!DOCTYPE html><title>t</title><body><div style='width: 1000px'>x</div></body>",
        "cut-wide": f"{head}<p style='overflow: hidden'>{wide}</p></body>",
        "cut-window": f"{head}<p>{wide}</p></body>",
        "cut-left": f"{head}<div style='overflow: auto'><div style='margin-left: -50px'>{wide}</div></div></body>",
        "cut-high": f"{head}<div style='overflow: hidden; height: 8px'>{wide}</div></body>",
        "whole": f"{head}<p style='overflow: auto'>{wide}</p></body>",
    }


widths = pytest.mark.parametrize(
    "width", [pytest.param(w, id=str(w), marks=pytest.mark.xdist_group(f"width {w}")) for w in (PHONE, PAPER)]
)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
@widths
def test_no_page_is_wider_than_its_window(width: int) -> None:
    """On a phone and at the width of A4, nothing makes the page itself scroll sideways; what is wide scrolls alone."""
    found = told_by_chromium(width)
    assert all(window == width for _, window, _, _ in found.values())
    assert {name for name, (wide, window, _, _) in found.items() if wide > window} == {"too-wide", "cut-window"}


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
@widths
def test_no_formula_is_cut_off(width: int) -> None:
    """Each formula of each page is in the window or in a box that scrolls to all of it; none is cut in its height."""
    found = told_by_chromium(width)
    assert all(found[page.stem][2] > 50 for page in PAGES)
    cut = {name: number for name, (_, _, _, number) in found.items() if number}
    assert cut == {"cut-wide": 1, "cut-window": 1, "cut-left": 1, "cut-high": 1}
