// Builds dist/ from src/: one style sheet, the scripts, the subset fonts, the
// icon table and the licence texts, each text also packed with gzip and Brotli,
// so that the program does not do so at its start. Names carry a hash of their content, and
// manifest.json records a hash of every input so that a Go test can tell
// whether dist is fresh without running Node.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { buildFonts } from "./fonts.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const target = ["chrome111", "firefox115", "safari16.4"];

// Our name on the left, the name in the icon set on the right.
const icons = {
  home: "house", users: "users", calendar: "calendar-days", handshake: "handshake",
  network: "network", target: "target", chart: "chart-column", book: "book-open",
  coins: "coins", settings: "settings", search: "search", plus: "plus", more: "ellipsis",
  check: "check", x: "x", alert: "circle-alert", info: "info", undo: "undo-2",
  trash: "trash-2", history: "history", download: "download", upload: "upload",
  filter: "list-filter", columns: "columns-3", key: "key-round", mail: "mail",
  "log-out": "log-out", external: "external-link", "chevron-down": "chevron-down",
  "chevron-right": "chevron-right", "chevron-left": "chevron-left", globe: "globe",
  building: "building-2", user: "user", eye: "eye", copy: "copy", flag: "flag",
  bell: "bell", link: "link", print: "printer", edit: "pencil", clock: "clock", merge: "merge",
};

const sha = (data) => createHash("sha256").update(data).digest("hex");

async function inputs() {
  const files = ["build.mjs", "fonts.mjs", "package.json", "package-lock.json", "tsconfig.json"];
  for (const entry of await readdir(path.join(here, "src"), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) {
      const full = path.join(entry.parentPath ?? entry.path, entry.name);
      files.push(path.relative(here, full).split(path.sep).join("/"));
    }
  }
  files.sort();
  let text = "";
  for (const file of files) text += `${file}\n${sha(await readFile(path.join(here, file)))}\n`;
  return sha(text);
}

async function iconTable() {
  const table = {};
  for (const [name, source] of Object.entries(icons)) {
    const svg = await readFile(path.join(here, "node_modules/lucide-static/icons", `${source}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    table[name] = body.replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
  }
  return JSON.stringify(table, null, 1) + "\n";
}

async function licences() {
  const parts = [];
  const packages = {
    "htmx.org": "LICENSE", "lucide-static": "LICENSE", "@fontsource-variable/source-serif-4": "LICENSE",
    "@fontsource-variable/source-sans-3": "LICENSE", "@cloudflare/blindrsa-ts": "LICENSE.txt", sjcl: "LICENSE.txt",
    sigma: "LICENSE.txt", graphology: "LICENSE.txt", "graphology-utils": "LICENSE.txt", events: "LICENSE",
  };
  for (const [name, file] of Object.entries(packages)) {
    const text = await readFile(path.join(here, "node_modules", name, file), "utf8");
    parts.push(`${name}\n${"=".repeat(name.length)}\n\n${text.trim()}\n`);
  }
  return parts.join("\n\n");
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const files = {};

async function put(name, data) {
  const ext = path.extname(name);
  const hashed = `${path.basename(name, ext)}.${sha(data).slice(0, 10)}${ext}`;
  await writeFile(path.join(dist, hashed), data);
  if (ext !== ".woff2") { // which is packed by itself
    const body = Buffer.from(data);
    await writeFile(path.join(dist, `${hashed}.gz`), gzipSync(body, { level: 9 }));
    await writeFile(path.join(dist, `${hashed}.br`), brotliCompressSync(body, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    }));
  }
  files[name] = hashed;
  return hashed;
}

const faces = await buildFonts(here, put);

const css = await esbuild.build({
  entryPoints: [path.join(here, "src/css/app.css")], bundle: true, minify: true, target,
  write: false, legalComments: "none",
});
await put("app.css", faces + css.outputFiles[0].text.trim() + "\n");

// blind.js is loaded by the pages of anonymous surveys alone, map.js by the map of the network.
for (const [name, entry] of [["app.js", "main.ts"], ["blind.js", "blind.ts"], ["map.js", "map.ts"]]) {
  const js = await esbuild.build({
    entryPoints: [path.join(here, "src/ts", entry)], bundle: true, minify: true, target,
    format: "iife", write: false, legalComments: "none", charset: "utf8",
  });
  await put(name, js.outputFiles[0].text.trim() + "\n");
}

await put("icon.svg", await readFile(path.join(here, "src/icon.svg")));
await put("licences.txt", await licences());
await writeFile(path.join(dist, "icons.json"), await iconTable());
await writeFile(
  path.join(dist, "manifest.json"),
  JSON.stringify({ inputs: await inputs(), files: Object.fromEntries(Object.entries(files).sort()) }, null, 2) + "\n",
);
