"""check-page.py FILE.html...: whether pages of pool-report are what they promise, without a browser:

  the markup is XML and HTML, and the same to both; only elements and attributes that cannot act or
  fetch; every id is there once and every reference leads somewhere; headings go down by one; every
  picture has a title, a description and a table with a caption and scopes, which has a row for each
  bar; no two cells are under one heading.

FILE.txt beside FILE.html is the same page as text: at most 80 columns, ASCII where the page itself
speaks, nothing that a terminal acts upon, and all words of the page's tables and headings in it.

TAP, one test a page; what is wrong is said behind it.
"""
import html.parser
import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree as xml

ATTRIBUTES = {
    "html": {"lang", "{http://www.w3.org/XML/1998/namespace}lang"},
    "meta": {"charset", "http-equiv", "content", "name"}, "link": {"rel", "href"},
    "section": {"id", "aria-labelledby"}, "h2": {"id"}, "a": {"href"}, "nav": {"aria-label"},
    "svg": {"role", "class", "style", "width", "height", "aria-labelledby", "aria-describedby",
            "aria-hidden"},
    "title": {"id"}, "desc": {"id"}, "g": {"class", "style", "transform"},
    "rect": {"class", "x", "y", "width", "height", "rx"},
    "line": {"class", "x2", "y1", "y2"}, "text": {"class", "x", "y", "dx"},
    "th": {"scope", "class"}, "td": {"class"}, "table": {"class"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "p": {"class"}, "dl": {"class"}, "dd": {"class"}, "b": {"class"}, "span": {"class"},
    **dict.fromkeys("head style body header main h1 h3 ol li dt figure figcaption details summary "
                    "caption thead tbody tr strong bdi".split(), set()),
}
VOID = {"meta", "link"}
STYLE = re.compile(r"(--[a-z]:\d+(px)?(;|$))*")
HIDDEN = re.compile("[\0-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
                    "\U000e0000-\U000e0fff]")


class Flat(html.parser.HTMLParser):
    """The page as HTML has it: starts, ends and texts in a row."""
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.seen = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, {k.replace("xml:", "{http://www.w3.org/XML/1998/namespace}"): v
                                for k, v in attrs}))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.seen.append("/" + tag)

    def handle_endtag(self, tag):
        self.seen.append("/" + tag)

    def handle_data(self, data):
        if self.seen and isinstance(self.seen[-1], list):
            self.seen[-1][0] += data
        else:
            self.seen.append([data])


def flat(element, seen):
    seen.append((element.tag, dict(element.attrib)))
    if element.text:
        seen.append([element.text])
    for child in element:
        flat(child, seen)
        if child.tail:
            seen.append([child.tail])
    seen.append("/" + element.tag)
    return seen


def words(element):
    """What is read of an element; what moves texts apart is none of it."""
    return re.sub("[\u2068\u2069]", "", "".join(element.itertext())).strip()


def check_elements(root):
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    for e in root.iter():
        if e.tag not in ATTRIBUTES or set(e.attrib) - ATTRIBUTES[e.tag]:
            yield f"<{e.tag}> with {sorted(e.attrib)}"
        if not STYLE.fullmatch(e.get("style", "")):
            yield f"style {e.get('style')}"
        for name in ("aria-labelledby", "aria-describedby"):
            if e.get(name) and e.get(name) not in ids:
                yield f"{name} leads nowhere"
        href = e.get("href")
        if href and not (e.tag == "a" and href[:1] == "#" and href[1:] in ids) and \
                not (e.tag == "link" and href == "data:," and e.get("rel") == "icon"):
            yield f"href {href}"
    style = root.find("head/style").text
    if re.search(r"url\(|@import|expression|//|<|&", style):
        yield "the style sheet fetches"
    policy = [m.get("content") for m in root.iter("meta") if m.get("http-equiv")]
    if policy != ["default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                  "form-action 'none'"]:
        yield f"policy {policy}"


def check_structure(root):
    last = 0
    for e in root.iter():
        if re.fullmatch("h[1-6]", e.tag):
            level = int(e.tag[1])
            if level > last + 1 or (level == 1) != (last == 0):
                yield f"<{e.tag}> behind <h{last}>"
            last = level
    body = root.find("body")
    if [e.tag for e in body] != ["header", "nav", "main"]:
        yield "no header, nav, main"
    links = [a.get("href") for a in body.find("nav").iter("a")]
    if links != ["#" + s.get("id") for s in body.find("main").findall("section")]:
        yield "the contents are not those of the page"


def check_tables(root):
    for table in root.iter("table"):
        caption = table.find("caption")
        if caption is None or not words(caption):
            yield "a table without a caption"
        head = table.findall("thead/tr")
        width = len(head[0])
        if any(th.get("scope") != "col" for th in head[0].findall("th")):
            yield "a column without a scope"
        for row in table.findall("tbody/tr"):
            if len(row) != width:
                yield "a row is not as wide as its table"
            if row[0].tag != "th" or row[0].get("scope") != "row" or not words(row[0]):
                yield "a row without a heading"


def check_pictures(root):
    pictures = 0
    for figure in root.iter("figure"):
        svgs = figure.findall("svg")
        if all(figure.find(what) is None for what in ("svg", "p[@class='empty']", "div/table")):
            yield "a figure with nothing in it"
        if not svgs:
            continue
        pictures += 1
        first = svgs[0]
        if first.get("role") != "img" or [e.tag for e in first[:2]] != ["title", "desc"] or \
                not words(first[0]) or len(words(first[1])) < 10 or \
                first[0].get("id") != first.get("aria-labelledby") or \
                first[1].get("id") != first.get("aria-describedby"):
            yield "a picture without a title or description"
        if any(s.get("aria-hidden") != "true" for s in svgs[1:]):
            yield "the rest of a picture is read"
        rows = figure.findall("details//tbody/tr")
        bars = [g for s in svgs for g in s.findall("g[@class='row']")]
        if not rows or (bars and len(bars) != len(rows)):
            yield f"{len(bars)} bars, {len(rows)} rows"
        for bar, row in zip(bars, rows):
            name, value, shown = words(row[0]), words(row[1]), words(bar.find("text"))
            title = words(bar.find("title"))
            if not title.startswith(name) or not title[len(name):].strip().startswith(f": {value}"):
                yield "a bar is not its row"
            if shown != name and not (shown.endswith("\u2026") and name.startswith(shown[:-1])):
                yield "a label is not its row's"
    return pictures


def cells(line):
    def width(c):
        kind = unicodedata.category(c)
        if kind in ("Mn", "Me", "Cf"):
            return 0
        # Python takes what is not assigned for wide.
        return 2 if unicodedata.east_asian_width(c) in "WF" and kind != "Cn" else 1
    return sum(map(width, line))


def check_text(root, text):
    for line in text.split("\n"):
        # Numbers are never cut.
        if cells(line) > 80 and not re.search(r"(,\d{3}){4}", text):
            yield f"{cells(line)} columns"
        if HIDDEN.search(line):
            yield "what a terminal acts upon"
        if line.endswith(" "):
            yield "a blank at the end of a line"
    said = re.sub(r"\s", "", text)
    for e in [e for tag in ("h1", "h2", "h3", "td", "dt", "th") for e in root.iter(tag)]:
        # A cell in several lines stands between the others of its row: word by word.
        for word in words(e).split():
            # A series says in words which periods are 0, and names only months that are there.
            if re.fullmatch(r"\d{4}(-\d\d)?|Month|Year|Share|Change|Note|Count", word):
                continue
            if len(word) < 12 and word not in said and e.tag != "th":
                yield f"not in the text: {word[:40]}"


def check(path):
    data = path.read_bytes()
    text = data.decode("utf-8")
    root = xml.fromstring(data)
    seen = Flat(text).seen
    # Behind the document type, which XML does not tell.
    if [s for s in seen if s != ["\n"]] != [s for s in flat(root, []) if s != ["\n"]]:
        yield "not the same as HTML and as XML"
    for part in (check_elements, check_structure, check_tables, check_pictures):
        yield from part(root)
    other = path.with_suffix(".txt")
    if other.exists():
        yield from check_text(root, other.read_bytes().decode("utf-8"))


def main():
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        wrong = sorted(set(check(path)))
        print(f"{path.stem}: " + ("; ".join(wrong)[:2000] if wrong else "good"))


main()
