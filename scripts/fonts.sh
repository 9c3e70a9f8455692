#!/usr/bin/env bash
# Makes public/fonts/, style/tokens/_faces.scss and the PDF's fonts in plan/src/export/pdf/fonts/ again from the
# designers' own releases, byte for byte (about a minute). Run it by hand when a glyph, an axis or a release changes, and commit what it leaves:
# the build does not run it. Its programs live in a temporary folder and go with it.
# Why these fonts, this alphabet, these names: docs/decisions/0002-fonts-and-type.md.
set -euo pipefail
. "$(dirname "$0")/env.sh"
command -v npm >/dev/null || fail "npm is needed to fetch the fonts: run scripts/setup.sh run, then this command again."
command -v python3 >/dev/null || fail "python3 is needed to cut the fonts: install it, then run this command again."

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

say "Inter 4.1.1 and Source Serif 4.5.1, from npm (10 seconds)"
printf '{"private":true}' >"$WORK/package.json"
(cd "$WORK" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error inter-ui@4.1.1 source-serif@4.5.1 >/dev/null) ||
  fail "npm could not fetch the fonts: check the network, then run this command again."

say "fonttools 4.60.1 and brotli 1.1.0, from PyPI (10 seconds)"
PIP_ROOT_USER_ACTION=ignore python3 -m pip install -q --disable-pip-version-check --target "$WORK/python" fonttools==4.60.1 brotli==1.1.0 ||
  fail "pip could not fetch fonttools: check the network and that python3-pip is installed, then run this command again."

say "Cutting the fonts (half a minute)"
PYTHONPATH=$WORK/python python3 - "$WORK/node_modules" "$ROOT" <<'PYTHON'
import hashlib
import math
import pathlib
import shutil
import sys

from fontTools import subset
from fontTools.misc.roundTools import otRound
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates
from fontTools.varLib import instancer

packages, root = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
out = root / "public/fonts"
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)

# French and English, with their typography. No-break spaces are glyphs of their own: without U+202F in
# the file, a browser takes the space before « ; » from another font, and its width with it.
TEXT = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
TEXT += map(ord, "ŒœŸʼ–—‘’‚“”„†•…‰′″‹›€№™−")
TEXT += [0x2009, 0x200A, 0x2010, 0x2011, 0x202F, 0x2060]
# The interface's signs: directions, the scale of commitment, a tick. ◐ and ◌ are drawn below.
SIGNS = [*map(ord, "←↑→↓↗■◆▶○✓⌘⏎"), 0x25D0, 0x25CC]
# The rest of Latin Europe, for names of people and places. Fetched only by pages that hold such a name.
NAMES = [c for c in [*range(0x100, 0x180), 0x218, 0x219, 0x21A, 0x21B, 0x1E9E] if c not in TEXT]

# Letter frequencies of French prose, in parts per thousand: what a line's length depends on.
LETTERS = dict(zip(" eaisnrtouldcmpévqfbghjàxèyêzâçô", (164, 122, 66, 64, 65, 60, 55, 59, 45, 51, 46, 31, 27, 25, 25, 16, 13, 10, 9, 7, 8, 7, 4, 4, 3, 2, 2, 2, 1, 1, 1, 1)))


def width(font):
    """Mean advance in ems over a line of French."""
    cmap, advances = font.getBestCmap(), font["hmtx"]
    total = sum(advances[cmap[ord(c)]][0] * n for c, n in LETTERS.items())
    return total / sum(LETTERS.values()) / font["head"].unitsPerEm


def draw_signs(font):
    """Adds ◐ and ◌ to a font that has ○, in the measures of its ○."""
    glyf, cmap = font["glyf"], font.getBestCmap()
    ring, empty = cmap[0x25CB], font["gvar"].variations
    bounds = glyf[ring]
    r = (bounds.xMax - bounds.xMin) / 2
    cx, cy = (bounds.xMax + bounds.xMin) / 2, (bounds.yMax + bounds.yMin) / 2

    def circle(pen, x, y, radius, reverse=False):
        s = -1 if reverse else 1
        def at(dx, dy):
            return (otRound(x + dx * radius), otRound(y + s * dy * radius))
        # Eight quadratic arcs: off by less than a unit.
        step = math.pi / 4
        pen.moveTo(at(1, 0))
        for i in range(8):
            a, m = (i + 1) * step, (i + 0.5) * step
            c = 1 / math.cos(step / 2)
            pen.qCurveTo(at(math.cos(m) * c, math.sin(m) * c), at(math.cos(a), math.sin(a)))
        pen.closePath()

    stroke = r * 0.17
    half = TTGlyphPen(None)
    circle(half, cx, cy, r, reverse=True)
    circle(half, cx, cy, r - stroke)
    half.moveTo((otRound(cx), otRound(cy + r - stroke / 2)))
    inner = r - stroke / 2
    for i in range(4):
        a, m = math.pi / 2 + (i + 1) * math.pi / 4, math.pi / 2 + (i + 0.5) * math.pi / 4
        c = inner / math.cos(math.pi / 8)
        half.qCurveTo(
            (otRound(cx + math.cos(m) * c), otRound(cy + math.sin(m) * c)),
            (otRound(cx + math.cos(a) * inner), otRound(cy + math.sin(a) * inner)),
        )
    half.closePath()
    dotted = TTGlyphPen(None)
    for i in range(10):
        a = i * math.pi / 5 + math.pi / 2
        circle(dotted, cx + math.cos(a) * (r - stroke / 2), cy + math.sin(a) * (r - stroke / 2), stroke * 0.72, reverse=True)

    order = font.getGlyphOrder()
    for name, code, pen in (("halfcircle.drawn", 0x25D0, half), ("dottedcircle.drawn", 0x25CC, dotted)):
        order.append(name)
        glyf.glyphs[name] = pen.glyph()
        glyf.glyphs[name].recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][ring][0], glyf.glyphs[name].xMin)
        empty[name] = []
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = name
    font.setGlyphOrder(order)
    glyf.glyphOrder = order
    font["maxp"].numGlyphs = len(order)
    # Their advance varies as that of ○, with weight.
    if "HVAR" in font and getattr(font["HVAR"].table, "AdvWidthMap", None):
        mapping = font["HVAR"].table.AdvWidthMap.mapping
        for name in order[-2:]:
            mapping[name] = mapping[ring]


def cut(source, axes, codes, features, family, signs=False):
    font = TTFont(source)
    if signs:
        draw_signs(font)
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.drop_tables += ["STAT", "MVAR", "DSIG", "meta", "gasp"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[c for c in codes if c in font.getBestCmap()])
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, axes, inplace=True)
    # Adobe reserves the name "Source" for the unmodified font (OFL, 3): a subset carries another.
    for record in font["name"].names:
        if record.nameID in (1, 4):
            record.string = family
        elif record.nameID in (3, 6):
            record.string = family.replace(" ", "")
    font["head"].modified = font["head"].created   # the same bytes whenever it is made
    font.recalcTimestamp = False
    return font


def save(font, name):
    draft = out / "draft"
    font.flavor = "woff2"
    font.save(draft)
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()[:10]
    path = out / f"{name}.{digest}.woff2"
    draft.rename(path)
    return path.name


def ranges(codes):
    runs = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{a:04X}" if a == b else f"U+{a:04X}-{b:04X}" for a, b in runs)


def percent(value):
    return f"{value * 100:.2f}%"


serif, sans = packages / "source-serif/VAR", packages / "inter-ui/variable"
weights = ("wght", (400, 400, 700))
PLAIN = ["kern", "liga", "locl", "ccmp", "mark", "tnum", "pnum"]
PLANS = [
    # family, style, source, axes, alphabets. Text size 19 px; the interface never exceeds 20.
    ("Estafette Serif", "normal", serif / "SourceSerif4Variable-Roman.ttf", {"wght": (400, 400, 700), "opsz": 19}, PLAIN, False),
    ("Estafette Serif", "italic", serif / "SourceSerif4Variable-Italic.ttf", {"wght": (400, 400, 700), "opsz": 19}, PLAIN, False),
    ("Estafette Sans", "normal", sans / "InterVariable.woff2", {"wght": (400, 400, 700), "opsz": 14}, PLAIN, True),
]
faces, first, measured = [], [], {}
for family, style, source, axes, features, signs in PLANS:
    stem = family.split()[1].lower() + ("-italic" if style == "italic" else "")
    for part, codes in (("", TEXT + (SIGNS if signs else [])), ("-names", NAMES)):
        font = cut(source, axes, codes, features, family, signs=signs and not part)
        have = [c for c in codes if c in font.getBestCmap()]
        if not part and style == "normal":
            measured[family] = (width(font), font["hhea"].ascent / font["head"].unitsPerEm, -font["hhea"].descent / font["head"].unitsPerEm)
        name = save(font, stem + part)
        print(f"  {name}  {(out / name).stat().st_size} bytes, {len(have)} characters", file=sys.stderr)
        if not part and style == "normal":
            first.append(f"/fonts/{name}")
        faces.append(f"""@font-face {{
  font-family: "{family}";
  font-style: {style};
  font-weight: 400 700;
  font-display: swap;
  src: url("/fonts/{name}") format("woff2");
  unicode-range: {ranges(have)};
}}""")

# The system's fonts in our measures, shown until ours arrive: same line length, same line height, no jump.
# Mean advances of Times New Roman and Arial over LETTERS, taken from Liberation's fonts, which share
# their metrics; Georgia's from capsize's ratio to Times (913 : 832). Times is taken 1.2 % wider than its
# advances: our serif is kerned closer than it, as measured in Chromium over both texts of the plan.
TIMES, ARIAL = 0.39561 * 1.012, 0.44141
SYSTEM = [
    ("Estafette Serif", "Georgia", TIMES * 913 / 832, ["Georgia"]),
    ("Estafette Serif", "Times", TIMES, ["Times New Roman", "Liberation Serif", "Tinos"]),
    ("Estafette Sans", "Arial", ARIAL, ["Arial", "Liberation Sans", "Arimo", "Helvetica"]),
]
for family, label, theirs, names in SYSTEM:
    ours, ascent, descent = measured[family]
    scale = ours / theirs
    faces.append(f"""@font-face {{
  font-family: "{family} {label}";
  src: {", ".join(f'local("{n}")' for n in names)};
  size-adjust: {percent(scale)};
  ascent-override: {percent(ascent / scale)};
  descent-override: {percent(descent / scale)};
  line-gap-override: 0%;
}}""")

# For the PDF, which embeds what it uses of them: one weight and one optical size each, as TrueType, since no PDF
# takes WOFF2. Text is set at 10.5 pt, headings from 15 pt.
printed = root / "plan/src/export/pdf/fonts"
shutil.rmtree(printed, ignore_errors=True)
printed.mkdir(parents=True)
roman, italic = serif / "SourceSerif4Variable-Roman.ttf", serif / "SourceSerif4Variable-Italic.ttf"
inter = sans / "InterVariable.woff2"
for name, family, source, axes in [
    ("serif", "Estafette Serif", roman, {"wght": 400, "opsz": 11}),
    ("serif-italic", "Estafette Serif Italic", italic, {"wght": 400, "opsz": 11}),
    ("serif-heading", "Estafette Serif Heading", roman, {"wght": 600, "opsz": 28}),
    ("sans", "Estafette Sans", inter, {"wght": 450, "opsz": 14}),
    ("sans-strong", "Estafette Sans Strong", inter, {"wght": 600, "opsz": 14}),
]:
    font = cut(source, axes, TEXT + NAMES + [0x25A1], ["kern", "liga", "locl", "ccmp", "mark"], family)
    font.flavor = None
    font.save(printed / f"{name}.ttf")
    print(f"  {name}.ttf  {(printed / f'{name}.ttf').stat().st_size} bytes, {len(font.getBestCmap())} characters", file=sys.stderr)

note = "// Made by scripts/fonts.sh: change it there. Latin first; the names of Latin Europe only where they occur.\n\n"
(root / "style/tokens").mkdir(parents=True, exist_ok=True)
(root / "style/tokens/_faces.scss").write_text(note + "\n\n".join(faces) + "\n")
(out / "preload.txt").write_text("\n".join(first) + "\n")
for folder in (out, printed):
    shutil.copy(packages / "source-serif/LICENSE.md", folder / "LICENSE-SourceSerif.txt")
    shutil.copy(packages / "inter-ui/LICENSE.txt", folder / "LICENSE-Inter.txt")
PYTHON
say "Done: public/fonts/, style/tokens/_faces.scss, plan/src/export/pdf/fonts/. See the difference with: git diff --stat"
