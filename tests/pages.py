#!/usr/bin/env python3
"""Checks of HTML files: pages.py FIRST PAGE=MARKS...

Prints the Test Anything Protocol from number FIRST on: of every page what it is made of, then, in
headless Chromium where there is one, how it comes out at three widths.  MARKS: the least number of
elements of class mark that it must have."""
import html.parser
import os
import re
import shutil
import subprocess
import sys
import tempfile

WIDTHS = (700, 1100, 1600)
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(html.parser.HTMLParser):
    """What is wrong with how a page is made."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.ids, self.targets = [], [], [], []
        self.headings, self.marks, self.drawings = [], 0, 0
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append(f"not closed: {self.open}")
        if len(self.ids) != len(set(self.ids)):
            self.wrong.append("an id stands twice")
        self.wrong += [f"no {t}" for t in self.targets if t not in self.ids]
        levels = [1] + self.headings
        self.wrong += [f"h{b} after h{a}" for a, b in zip(levels, levels[1:]) if b > a + 1]
        if self.headings.count(1) != 1:
            self.wrong.append("not one h1")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if self.open and self.open[-1] == "svg*" and tag != "title":
            self.wrong.append("a drawing without a title")
        if self.open and self.open[-1] == "svg*":
            self.open[-1] = "svg"
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if attrs.get("href", "").startswith("#"):
            self.targets.append(attrs["href"][1:])
        elif "href" in attrs or "src" in attrs:
            self.wrong.append(f"asks for {attrs}")
        for name in attrs:
            if name.startswith("on"):
                self.wrong.append(f"attribute {name}")
        if tag == "th" and attrs.get("scope") not in ("row", "col"):
            self.wrong.append("th without scope")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.marks += "mark" in attrs.get("class", "").split()
        if tag == "svg" and attrs.get("aria-hidden") != "true":
            self.drawings += 1
            if attrs.get("role") != "img" or not attrs.get("aria-label"):
                self.wrong.append("a drawing without role or name")
            self.open.append("svg*")
        elif tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")


def luminance(colour):
    if len(colour) == 4:
        colour = "#" + "".join(2 * c for c in colour[1:])
    parts = [int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def dull(text):
    """Colours that do not stand out: 4.5 for what is read and drawn, in either scheme."""
    found = []
    for block in re.findall(r"\{([^{}]*--c0:[^{}]*)\}", text):
        colours = dict(re.findall(r"--(\w+):(#\w+)", block))
        pairs = [(c, "bg") for c in ("fg", "dim", "bad", "link")] + [("fg", "box"), ("dim", "box")]
        pairs += [(c, b) for c in colours if re.fullmatch(r"c\d+", c) for b in ("bg", "on")]
        found += [p for p in pairs if contrast(colours[p[0]], colours[p[1]]) < 4.5]
    return found if "--c0:" in text else ["no colours"]


def above(text):
    """Layers that lie above a roof."""
    found = []
    for figure in re.findall(r"<figure>.*?</figure>", text, re.S):
        flat = re.search(r"Flat: (\S+) MACs", figure)
        slope = re.search(r"Sloped: (\S+) ", figure)
        dots = re.findall(r": (\S+) MACs/\w+, (\S+) MACs/cycle", figure)
        if flat and not dots:
            found.append("a roof without dots")
        for x, y in dots if flat else []:
            most = min(float(flat[1]), float(slope[1]) * float(x) if slope else float("inf"))
            if float(y) > most * 1.00001 or float(y) <= 0:
                found.append((x, y, most))
    return found


# Runs in each page: what is wrong with how it came out.
CHECK = """
function check(doc, width) {
  var wrong = [], view = doc.defaultView;
  doc.querySelectorAll('details').forEach(function (d) { d.open = true; });
  if (doc.documentElement.scrollWidth > width)
    wrong.push('wider than the window: ' + doc.documentElement.scrollWidth);
  doc.querySelectorAll('svg[role=img]').forEach(function (svg) {
    var frame = svg.getBoundingClientRect(), boxes = [], name = svg.getAttribute('aria-label');
    if (frame.width < 100) wrong.push(name + ': ' + frame.width + ' wide');
    svg.querySelectorAll('text').forEach(function (text) {
      var b = text.getBoundingClientRect(), said = text.textContent;
      if (b.width == 0) return;
      if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 ||
          b.bottom > frame.bottom + 1)
        wrong.push(name + ': cut: ' + said);
      boxes.forEach(function (o) {
        if (Math.min(b.right, o.b.right) - Math.max(b.left, o.b.left) > 1 &&
            Math.min(b.bottom, o.b.bottom) - Math.max(b.top, o.b.top) > 3)
          wrong.push(name + ': ' + said + ' on ' + o.said);
      });
      boxes.push({b: b, said: said});
    });
    svg.querySelectorAll('.mark').forEach(function (mark) {
      var b = mark.getBoundingClientRect();
      if (b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 ||
          b.bottom > frame.bottom + 1)
        wrong.push(name + ': a mark is outside');
    });
  });
  return wrong.concat(view.failed || []);
}
"""

# Each page stands in frames of the three widths; what a frame says goes into the outer page.
DRIVER = """<!DOCTYPE html><meta charset="utf-8"><body><script>%s
</script>%s<script>
window.addEventListener('load', function () {
  document.querySelectorAll('iframe').forEach(function (f) {
    var p = document.createElement('p');
    p.textContent = 'REPORT ' + f.name + ' ' + f.width + ' ' +
        JSON.stringify(check(f.contentDocument, +f.width).slice(0, 6)) + ' DONE';
    f.remove();
    document.body.appendChild(p);
  });
});
</script></body>"""

LISTEN = "<script>window.failed=[];window.onerror=function(m){window.failed.push('script: '+m);};</script>"


def render(chromium, pages):
    """{(name, width): what is wrong}, and what the console said; None: it does not start."""
    frames = []
    for name, text in pages.items():
        heard = html.escape(text.replace("<head>", "<head>" + LISTEN, 1), quote=True)
        frames += [f'<iframe name="{name}" width="{w}" height="900" srcdoc="{heard}"></iframe>' for w in WIDTHS]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "driver.html")
        with open(path, "w", encoding="utf-8") as out:
            out.write(DRIVER % (CHECK, "\n".join(frames)))
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync",
                   "--hide-scrollbars", "--enable-logging=stderr", f"--user-data-dir={folder}/profile",
                   "--dump-dom", "file://" + path]
        try:
            run = subprocess.run(command, capture_output=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return None
    dom = html.unescape(run.stdout.decode("utf-8", "replace"))
    found = {(n, int(w)): said for n, w, said in re.findall(r"<p>REPORT (\S+) (\d+) (\[.*?\]) DONE</p>", dom, re.S)}
    console = re.findall(r"CONSOLE.*", run.stderr.decode("utf-8", "replace"))
    return (found, console) if found else None


def main():
    number, pages, wanted = int(sys.argv[1]) - 1, {}, {}
    for argument in sys.argv[2:]:
        path, marks = argument.rsplit("=", 1)
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as page:
            pages[name] = page.read()
        wanted[name] = int(marks)

    def report(wrong, what):
        nonlocal number
        number += 1
        print(f"{'not ok' if wrong else 'ok'} {number} - {what}")
        if wrong:
            print("# " + str(wrong)[:600])

    for name, text in pages.items():
        page = Page(text)
        wrong = page.wrong + dull(text) + above(text)
        if re.search(r"@import|url\(|https?:", text):
            wrong.append("asks for something")
        if page.marks < wanted[name]:
            wrong.append(f"{page.marks} marks, not {wanted[name]}")
        if "nan" in re.findall(r'="(-?nan|-?inf)"', text) or page.drawings == 0:
            wrong.append("drawings or numbers")
        report(wrong, f"{name}: what it is made of")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    came = render(chromium, pages) if chromium else None
    for name in pages:
        if came is None:
            number += 1
            print(f"ok {number} - {name}: rendered # SKIP {'it does not start' if chromium else 'no Chromium here'}")
        else:
            said = {w: came[0].get((name, w), "nothing") for w in WIDTHS}
            report({w: s for w, s in said.items() if s != "[]"}, f"{name}: rendered at 700, 1100 and 1600 px")
    if came is not None:
        report(came[1], "nothing on the console")
    print(f"1..{number}")


main()
