// Subsets the two typefaces and writes their @font-face rules, with fallback
// faces whose metrics match so that text does not move when the fonts arrive.
import { readFile } from "node:fs/promises";
import path from "node:path";
import fontverter from "fontverter";
import subset from "subset-font";

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join("");

// What the first page needs: Latin-1, French ligatures, typographic marks.
const latin = range(0x20, 0x7e) + range(0xa0, 0xff) + "ŒœŸ–—‘’‚“”„†•…‰‹›€™−←↑→↓\u2009\u2011\u202f";
const extended = [...range(0x100, 0x17f)].filter((c) => !latin.includes(c)).join("") + "ȘșȚț";

// Only the features the style sheet or the script of a language asks for.
const keepFeatures = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "tnum"];

const source = "node_modules/@fontsource-variable";
const families = [
  {
    name: "serif", family: "Source Serif 4", weight: "600",
    file: (part) => `${source}/source-serif-4/files/source-serif-4-${part}-opsz-normal.woff2`,
    axes: { wght: 600, opsz: 22 },
    // Times New Roman Bold and its metric twin; average advance in em over the sample below.
    fallback: { src: 'local("Times New Roman Bold"),local("TimesNewRomanPS-BoldMT"),local("Liberation Serif Bold")', advance: 0.4408 },
  },
  {
    name: "sans", family: "Source Sans 3", weight: "400 600",
    file: (part) => `${source}/source-sans-3/files/source-sans-3-${part}-wght-normal.woff2`,
    axes: { wght: { min: 400, max: 600 } },
    fallback: { src: 'local("Arial"),local("ArialMT"),local("Roboto"),local("Liberation Sans")', advance: 0.4547 },
  },
];

// English running text decides how wide a face sets.
const sample = "The leadership table met on Thursday and agreed to share attendance figures with every working group in the valley ";

function metrics(sfnt) {
  const view = new DataView(sfnt.buffer, sfnt.byteOffset, sfnt.byteLength);
  const tables = {};
  for (let i = 0; i < view.getUint16(4); i++) {
    const at = 12 + i * 16;
    tables[sfnt.toString("latin1", at, at + 4)] = view.getUint32(at + 8);
  }
  const unit = view.getUint16(tables.head + 18);
  const count = view.getUint16(tables.hhea + 34);
  const glyph = cmap(view, tables.cmap);
  let sum = 0;
  for (const c of sample) sum += view.getUint16(tables.hmtx + 4 * Math.min(glyph(c.codePointAt(0)), count - 1));
  return {
    ascent: view.getInt16(tables.hhea + 4) / unit,
    descent: -view.getInt16(tables.hhea + 6) / unit,
    gap: view.getInt16(tables.hhea + 8) / unit,
    advance: sum / sample.length / unit,
  };
}

// Reads a format 4 character map, which every Latin subset has.
function cmap(view, base) {
  for (let i = 0; i < view.getUint16(base + 2); i++) {
    const sub = base + view.getUint32(base + 8 + i * 8);
    if (view.getUint16(sub) !== 4) continue;
    const segments = view.getUint16(sub + 6) / 2;
    return (code) => {
      for (let s = 0; s < segments; s++) {
        if (code > view.getUint16(sub + 14 + 2 * s)) continue;
        const start = view.getUint16(sub + 16 + 2 * segments + 2 * s);
        if (code < start) return 0;
        const delta = view.getUint16(sub + 16 + 4 * segments + 2 * s);
        const offsetAt = sub + 16 + 6 * segments + 2 * s;
        const offset = view.getUint16(offsetAt);
        return offset === 0 ? (code + delta) & 0xffff : view.getUint16(offsetAt + offset + 2 * (code - start));
      }
      return 0;
    };
  }
  throw new Error("no format 4 character map");
}

function unicodeRange(text) {
  const codes = [...new Set([...text].map((c) => c.codePointAt(0)))].sort((a, b) => a - b);
  const out = [];
  for (let i = 0; i < codes.length; ) {
    let j = i;
    while (codes[j + 1] === codes[j] + 1) j++;
    const [a, b] = [codes[i].toString(16).toUpperCase(), codes[j].toString(16).toUpperCase()];
    out.push(i === j ? `U+${a}` : `U+${a}-${b}`);
    i = j + 1;
  }
  return out.join(",");
}

const percent = (n) => `${Math.round(n * 10000) / 100}%`;

export async function buildFonts(here, put) {
  let css = "";
  for (const face of families) {
    for (const [suffix, part, text] of [["", "latin", latin], ["-ext", "latin-ext", extended]]) {
      const input = await readFile(path.join(here, face.file(part)));
      const font = await subset(input, text, { targetFormat: "woff2", variationAxes: face.axes, keepFeatures });
      const name = await put(`${face.name}${suffix}.woff2`, font);
      css += `@font-face{font-family:"${face.family}";font-weight:${face.weight};font-display:swap;src:url(${name}) format("woff2");unicode-range:${unicodeRange(text)}}`;
      if (suffix) continue;
      const m = metrics(await fontverter.convert(font, "truetype"));
      const adjust = m.advance / face.fallback.advance;
      css +=
        `@font-face{font-family:"${face.family} Fallback";font-weight:${face.weight};src:${face.fallback.src};size-adjust:${percent(adjust)};` +
        `ascent-override:${percent(m.ascent / adjust)};descent-override:${percent(m.descent / adjust)};line-gap-override:${percent(m.gap / adjust)}}`;
    }
  }
  return css;
}
