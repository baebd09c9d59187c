"""check-browser.py FILE.html WAY,... ...: pages of pool-report in Chromium: light, dark, narrow, on
paper, and (narrow and dark) with all tables opened.

Whether they ask for nothing and complain about nothing; run no script even if one gets in; are no
wider than the window; whether their pictures' texts overlap; whether texts stand out from what is
behind them; and what is told to those who do not see the page: landmarks, headings, pictures with
descriptions, tables with names.  NAME.html may overlap and stick out if NAME begins with "huge".

One line a page, "NAME WAY: good" or what is wrong.
"""
import pathlib
import sys
import tempfile

import browser

# Every text of a picture that is shown, as a rectangle: pairs that lie upon each other.
OVERLAPS = """[...document.querySelectorAll('svg')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')].filter(t => t.getClientRects().length > 0)
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  const all = texts.concat([...svg.querySelectorAll('.row rect')].map(r => ['(bar)',
    r.getBoundingClientRect()]));
  return texts.flatMap(([a, r], i) => all.slice(i + 1).filter(([b, q]) =>
    Math.min(r.right, q.right) - Math.max(r.left, q.left) > 1 &&
    Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top) > 3).map(([b]) => a + ' / ' + b));
}).slice(0, 5)"""

# Contrast of each text with what is behind it: the nearest background, the part below a number.
CONTRAST = """(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const light = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(v => v / 255)
      .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b + .05;
  };
  const clear = 'rgba(0, 0, 0, 0)', style = e => getComputedStyle(e);
  const behind = e => {
    if (e.tagName === 'text' && e.classList.contains('key'))
      return style(e.parentElement.querySelector('.part')).fill;
    for (; e; e = e.parentElement)
      if (style(e).backgroundColor !== clear) return style(e).backgroundColor;
  };
  const worst = {};
  for (const e of document.querySelectorAll('body *')) {
    if (!e.getClientRects().length ||
        ![...e.childNodes].some(c => c.nodeType === 3 && c.data.trim())) continue;
    const [a, b] = [light(e.tagName === 'text' ? style(e).fill : style(e).color), light(behind(e))];
    const ratio = Math.max(a, b) / Math.min(a, b), name = e.tagName + '.' + e.getAttribute('class');
    if (ratio < 4.5) worst[name] = ratio.toFixed(1);
  }
  return Object.entries(worst).map(String);
})()"""

SCRIPT = """document.body.appendChild(Object.assign(document.createElement('script'),
  {textContent: 'window.ran = 1'})), typeof window.ran"""


def check_tree(tree):
    roles = [role for role, *_ in tree]
    for role, count in (("banner", 1), ("navigation", 1), ("main", 1)):
        if roles.count(role) != count:
            yield f"{roles.count(role)} {role}"
    last = 0
    for role, name, description, level, _ in tree:
        if role == "heading":
            if not name or level > last + 1:
                yield f"heading {level} behind {last}"
            last = level
        if role in ("navigation", "region", "table", "link", "DisclosureTriangle", "image") and \
                not name.strip():
            yield f"{role} without a name"
        if role == "image" and len(description) < 10:
            yield f"picture {name[:30]} without a description"


def check(page, way, huge):
    yield from page.complaints
    wide = page.value("document.documentElement.scrollWidth")
    if wide > page.width and not huge:
        yield f"{wide} pixels wide"
    if not huge:
        yield from (f"overlap {o[:100]}" for o in page.value(OVERLAPS))
    yield from (f"contrast {c}" for c in page.value(CONTRAST))
    if way == "light":
        tree = page.tree()
        yield from check_tree(tree)
        for role, selector in (("image", "svg[role=img]"), ("DisclosureTriangle", "summary")):
            told = sum(1 for node in tree if node[0] == role)
            there = page.value(f"document.querySelectorAll('{selector}').length")
            if told != there:
                yield f"{told} of {there} {role} are told"
        if page.value(SCRIPT) != "undefined":
            yield "a script runs"
    if way == "opened":
        page.value("document.querySelectorAll('details').forEach(d => d.open = true)")
        yield from (f"contrast {c}" for c in page.value(CONTRAST))
        wide = page.value("document.documentElement.scrollWidth")
        if wide > page.width:
            yield f"{wide} pixels wide"
        tables = [node for node in page.tree() if node[0] == "table"]
        if len(tables) != page.value("document.querySelectorAll('table').length"):
            yield "a table is not told"
        yield from check_tree(page.tree())


WAYS = {"light": {}, "dark": {"dark": True}, "narrow": {"width": 400}, "paper": {"paper": True},
        "opened": {"width": 400, "dark": True}}


def main():
    with tempfile.TemporaryDirectory() as profile, browser.Browser(profile) as chromium:
        for name, ways in zip(sys.argv[1::2], sys.argv[2::2]):
            for way in ways.split(","):
                page = chromium.open(name, **WAYS[way])
                stem = pathlib.Path(name).stem
                wrong = list(dict.fromkeys(check(page, way, stem.startswith("huge"))))
                print(f"{stem} {way}: " + ("; ".join(wrong)[:2000] or "good"))
                page.close()


main()
