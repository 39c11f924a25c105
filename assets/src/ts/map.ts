// The map of the network, which the page of the map loads alone. The server has drawn it already; this makes it
// one that can be moved. Without WebGL, or when anything goes wrong, the drawing stays.
import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { createEdgeArrowProgram, EdgeRectangleProgram } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData } from "sigma/types";
import { markColours, ShapeProgram, type Mark } from "./map-shapes";

// In the order of the list of organizations, which has their ids and names.
type Node = [x: number, y: number, thousandths: number, series: number, ringed: number];
type Tie = [from: number, to: number, width: number, pattern: number, arrow: number];
interface Data {
  width: number;
  height: number;
  nodes: Node[];
  ties: Tie[];
}

function rgb(colour: string): [number, number, number] {
  const c = document.createElement("canvas").getContext("2d")!;
  c.fillStyle = colour;
  c.fillRect(0, 0, 1, 1);
  const [r, g, b] = c.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

const hex = (c: [number, number, number]) => "#" + c.map((n) => Math.round(n).toString(16).padStart(2, "0")).join("");
const mix = (a: [number, number, number], b: [number, number, number], share: number) => a.map((n, i) => n + (b[i] - n) * share) as [number, number, number];

class NetworkMap extends HTMLElement {
  private sigma?: Sigma;
  private graph = new MultiDirectedGraph();
  private names = new Map<string, string>();
  private focused = "";
  private hovered = "";
  private near = new Set<string>();
  private written: { left: number; top: number; right: number; bottom: number }[] = []; // names of this picture
  private faint = "";
  private quiet = "";
  private ink = "";
  private paper = "";

  connectedCallback() {
    void this.start().catch(() => this.still());
  }

  disconnectedCallback() {
    this.sigma?.kill();
  }

  private find<E extends HTMLElement>(selector: string): E {
    return this.querySelector<E>(selector)!;
  }

  // The drawing of the server is shown, whatever happened.
  private still() {
    this.sigma?.kill();
    this.sigma = undefined;
    this.find(".map-canvas").hidden = true;
    this.classList.remove("moving");
  }

  private async start() {
    this.buttons();
    if (!document.createElement("canvas").getContext("webgl2")) return;
    const answer = await fetch(this.dataset.src!, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const data = (await answer.json()) as Data;
    this.fill(data);
    const canvas = this.find(".map-canvas");
    canvas.hidden = false;
    canvas.style.aspectRatio = `${data.width} / ${Math.min(data.height, data.width)}`;
    this.colours();
    this.sigma = new Sigma(this.graph, canvas, {
      defaultNodeType: "shape",
      nodeProgramClasses: { shape: ShapeProgram },
      edgeProgramClasses: { line: EdgeRectangleProgram, arrow: createEdgeArrowProgram({ lengthToThicknessRatio: 5, widenessToThicknessRatio: 4 }) },
      labelFont: getComputedStyle(this).fontFamily,
      labelSize: 13,
      labelWeight: "400",
      labelColor: { attribute: "labelColour" },
      labelDensity: 1.2,
      labelGridCellSize: 90,
      labelRenderedSizeThreshold: 5,
      minCameraRatio: 0.05,
      maxCameraRatio: 3,
      zIndex: true,
      allowInvalidContainer: true, // while the page is printed it has no size
      hideEdgesOnMove: data.ties.length > 10000,
      defaultDrawNodeLabel: (context, node, settings) => this.drawName(context, node, settings.labelSize, settings.labelFont),
      defaultDrawNodeHover: (context, node, settings) => this.drawHover(context, node, settings.labelSize, settings.labelFont),
      nodeReducer: (id, node) => this.reduceNode(id, node as NodeDisplayData & Mark),
      edgeReducer: (id, edge) => this.reduceEdge(id, edge as EdgeDisplayData),
    });
    this.sigma.setCustomBBox({ x: [0, data.width], y: [-data.height, 0] });
    this.sigma.refresh();
    this.listen();
    this.classList.add("moving"); // which hides the server's drawing, but not on paper
    if (this.select?.value) this.focusOn(this.select.value, false);
  }

  private fill(data: Data) {
    const listed = [...(this.select?.options ?? [])].filter((o) => o.value);
    if (listed.length !== data.nodes.length) throw new Error("the list and the map differ"); // something changed in between
    for (const [k, [x, y, thousandths, series, ringed]] of data.nodes.entries()) {
      const { value: id, text: name } = listed[k];
      this.names.set(id, name);
      this.graph.addNode(id, { label: name, x, y: -y, size: 4 + 8 * Math.sqrt(thousandths / 1000), shape: series % 8, series: (series % 8) + 1, ringed });
    }
    for (const [from, to, width, pattern, arrow] of data.ties) {
      this.graph.addEdge(listed[from].value, listed[to].value, { size: 0.4 + 0.6 * width, type: arrow ? "arrow" : "line", pattern });
    }
  }

  // The colours of the style sheet, read anew when the scheme changes.
  private colours() {
    const style = getComputedStyle(this);
    const of = (name: string) => rgb(style.getPropertyValue(name).trim());
    const paper = of("--paper");
    const ink = of("--ink");
    const part = (c: [number, number, number]) => c.map((n) => n / 255) as [number, number, number];
    markColours(part(ink), part(paper));
    this.ink = hex(ink);
    this.paper = hex(paper);
    this.faint = hex(mix(of("--edge"), paper, 0.8));
    this.quiet = hex(mix(of("--edge"), paper, 0.35));
    this.graph.forEachNode((id, node) => {
      const own = of(`--d${node.series}`);
      this.graph.mergeNodeAttributes(id, { color: hex(own), pale: hex(mix(own, paper, 0.78)), labelColour: this.ink });
    });
  }

  private get centre(): string {
    return this.hovered || this.focused;
  }

  private reduceNode(id: string, node: NodeDisplayData & Mark): Partial<NodeDisplayData> {
    if (!this.centre) return node;
    if (this.near.has(id)) return { ...node, zIndex: 1, forceLabel: id === this.centre || this.near.size < 40 };
    return { ...node, color: (node as unknown as { pale: string }).pale, label: "", zIndex: 0, ringed: 0 } as Partial<NodeDisplayData>;
  }

  private reduceEdge(id: string, edge: EdgeDisplayData): Partial<EdgeDisplayData> {
    if (!this.centre) return { ...edge, color: this.quiet };
    const touches = this.graph.extremities(id).includes(this.centre);
    return { ...edge, color: touches ? this.ink : this.faint, zIndex: touches ? 1 : 0, size: touches ? edge.size + 0.5 : edge.size };
  }

  // A name is written where it lies on no other.
  private drawName(context: CanvasRenderingContext2D, node: { x: number; y: number; size: number; label: string | null; color: string; forceLabel?: boolean }, size: number, font: string) {
    if (!node.label) return;
    context.font = `400 ${size}px ${font}`;
    const width = context.measureText(node.label).width;
    for (const left of [node.x + node.size * 1.3 + 3, node.x - node.size * 1.3 - 3 - width]) {
      const box = { left, top: node.y - size * 0.6, right: left + width, bottom: node.y + size * 0.5 };
      if (this.written.some((o) => box.left < o.right && o.left < box.right && box.top < o.bottom && o.top < box.bottom)) continue;
      this.written.push(box);
      context.lineWidth = 3;
      context.strokeStyle = this.paper;
      context.strokeText(node.label, left, node.y + size / 3);
      context.fillStyle = this.ink;
      context.fillText(node.label, left, node.y + size / 3);
      return;
    }
  }

  // The name of who is under the pointer, on paper so that it can be read.
  private drawHover(context: CanvasRenderingContext2D, node: { x: number; y: number; size: number; label: string | null }, size: number, font: string) {
    if (!node.label) return;
    context.font = `600 ${size}px ${font}`;
    const width = context.measureText(node.label).width;
    const style = getComputedStyle(this);
    context.fillStyle = style.getPropertyValue("--surface");
    context.strokeStyle = style.getPropertyValue("--edge");
    context.beginPath();
    context.rect(node.x + node.size + 2, node.y - size / 2 - 4, width + 10, size + 8);
    context.fill();
    context.stroke();
    context.fillStyle = this.ink;
    context.fillText(node.label, node.x + node.size + 7, node.y + size / 3);
  }

  private look() {
    const c = this.centre;
    this.near = new Set(c ? [c, ...this.graph.neighbors(c)] : []);
    this.sigma?.refresh({ skipIndexation: true });
  }

  private get select(): HTMLSelectElement | null {
    return document.querySelector("#map-focus");
  }

  // Shows one organization with those it is tied to, and says who they are.
  private focusOn(id: string, move = true) {
    this.focused = this.graph.hasNode(id) ? id : "";
    this.hovered = "";
    this.look();
    const said = this.find(".map-said");
    if (this.select && this.select.value !== this.focused) this.select.value = this.focused;
    if (!this.focused) {
      said.textContent = this.dataset.clear ?? "";
      return;
    }
    const names = this.graph.neighbors(this.focused).map((n) => this.names.get(n)!).sort(new Intl.Collator(document.documentElement.lang).compare);
    said.textContent = names.length ? `${this.names.get(this.focused)} ${this.dataset.tied} (${names.length}): ${names.join(", ")}` : `${this.names.get(this.focused)}: ${this.dataset.nobody}`;
    const at = this.sigma?.getNodeDisplayData(this.focused);
    if (!move || !at || !this.sigma) return;
    const state = { x: at.x, y: at.y, ratio: Math.min(this.sigma.getCamera().ratio, 0.6) };
    this.sigma.getCamera().animate(state, { duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 300 });
  }

  private listen() {
    const sigma = this.sigma!;
    sigma.on("beforeRender", () => {
      this.written = [];
    });
    sigma.on("enterNode", ({ node }) => {
      this.hovered = node;
      this.look();
    });
    sigma.on("leaveNode", () => {
      this.hovered = "";
      this.look();
    });
    sigma.on("clickNode", ({ node }) => this.focusOn(node, false));
    sigma.on("clickStage", () => this.focusOn(""));
    // A page is scrolled past the map; the wheel zooms only with a key, or when the map has the focus.
    const canvas = this.find(".map-canvas");
    canvas.addEventListener("wheel", (e) => {
      if (!e.ctrlKey && !e.metaKey && document.activeElement !== canvas) e.stopImmediatePropagation();
    }, { capture: true });
    canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
    canvas.addEventListener("keydown", (e) => this.key(e));
    this.select?.addEventListener("change", () => this.focusOn(this.select!.value));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => {
      this.colours();
      sigma.refresh();
    });
    this.find(".map-canvas canvas")?.addEventListener("webglcontextlost", () => this.still());
    for (const b of this.querySelectorAll<HTMLButtonElement>(".map-tools [data-do]")) b.hidden = false;
  }

  private key(e: KeyboardEvent) {
    const camera = this.sigma?.getCamera();
    if (!camera) return;
    const state = camera.getState();
    const step = 0.12 * state.ratio;
    const moves: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[e.key]) camera.setState({ x: state.x + moves[e.key][0], y: state.y + moves[e.key][1] });
    else if (e.key === "+" || e.key === "=") this.zoom(1 / 1.5);
    else if (e.key === "-") this.zoom(1.5);
    else if (e.key === "0") camera.setState({ x: 0.5, y: 0.5, ratio: 1 });
    else if (e.key === "Escape") this.focusOn("");
    else return;
    e.preventDefault();
  }

  private zoom(by: number) {
    const camera = this.sigma?.getCamera();
    camera?.setState({ ratio: camera.getBoundedRatio(camera.ratio * by) });
  }

  private buttons() {
    const tools = this.find(".map-tools");
    tools.hidden = false;
    for (const b of tools.querySelectorAll<HTMLButtonElement>("[data-do]")) {
      b.hidden = b.dataset.do !== "picture"; // the others when there is something to move
      b.addEventListener("click", () => {
        if (b.dataset.do === "in") this.zoom(1 / 1.5);
        else if (b.dataset.do === "out") this.zoom(1.5);
        else if (b.dataset.do === "all") this.sigma?.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1 });
        else this.picture();
      });
    }
  }

  // The drawing of the server as a PNG, three times as large as on the page.
  private picture() {
    const image = new Image();
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      const svg = this.find(".map-still svg") as unknown as SVGSVGElement;
      canvas.width = 3 * svg.viewBox.baseVal.width;
      canvas.height = 3 * svg.viewBox.baseVal.height;
      const c = canvas.getContext("2d")!;
      c.fillStyle = "#fff";
      c.fillRect(0, 0, canvas.width, canvas.height);
      c.drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement("a");
      link.href = canvas.toDataURL("image/png");
      link.download = this.dataset.name ?? "map.png";
      link.click();
    });
    image.src = this.dataset.picture!;
  }
}

// A slider over the quarters; letting it go leads to that day.
class MapTime extends HTMLElement {
  connectedCallback() {
    const first = Number(this.dataset.first);
    const today = this.dataset.today!;
    const label = this.querySelector("label")!;
    const input = label.querySelector("input")!;
    const output = label.querySelector("output")!;
    const ends = ["03-31", "06-30", "09-30", "12-31"];
    const days: string[] = [];
    for (let y = first; y <= Number(today.slice(0, 4)); y++) for (const end of ends) if (`${y}-${end}` < today) days.push(`${y}-${end}`);
    days.push(today);
    if (days.length < 3) return;
    const say = () => {
      const text = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(days[Number(input.value)] + "T00:00:00Z"));
      output.textContent = text;
      input.setAttribute("aria-valuetext", text);
    };
    input.max = `${days.length - 1}`;
    input.value = `${Math.max(0, days.findIndex((d) => d >= this.dataset.day!))}`;
    input.addEventListener("input", say);
    input.addEventListener("change", () => {
      const to = new URL(this.dataset.keep!, location.href);
      const day = days[Number(input.value)];
      if (day !== today) to.searchParams.set("as-of", day);
      location.assign(to);
    });
    say();
    label.hidden = false;
  }
}

customElements.define("network-map", NetworkMap);
customElements.define("map-time", MapTime);
