import { typing } from "./typing";

// Adds to a list: select all, a range with Shift, a count, and j/k or arrow keys from row to row.
export class ListView extends HTMLElement {
  private last?: HTMLInputElement;

  connectedCallback() {
    if (this.classList.contains("ready")) return;
    const all = this.querySelector<HTMLInputElement>("[data-all]");
    if (all) {
      this.classList.add("ready");
      all.hidden = false;
      all.addEventListener("change", () => {
        for (const box of this.boxes()) box.checked = all.checked;
        this.count();
      });
      this.addEventListener("click", (e) => this.range(e));
      this.addEventListener("change", () => this.count());
      // A page come back to keeps its ticks.
      addEventListener("pageshow", () => this.count());
      this.count();
    }
    this.addEventListener("keydown", (e) => this.key(e));
  }

  private boxes() {
    return [...this.querySelectorAll<HTMLInputElement>("tbody .pick input")];
  }

  private range(e: MouseEvent) {
    const box = e.target as HTMLInputElement;
    if (!box.matches("tbody .pick input")) return;
    const boxes = this.boxes();
    if (e.shiftKey && this.last) {
      const [a, b] = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((x, y) => x - y);
      for (let i = a; i <= b; i++) boxes[i].checked = box.checked;
      this.count();
    }
    this.last = box;
  }

  private count() {
    const boxes = this.boxes();
    const ticked = boxes.filter((b) => b.checked).length;
    const all = this.querySelector<HTMLInputElement>("[data-all]")!;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    this.classList.toggle("some", ticked > 0);
    const line = this.querySelector<HTMLElement>(".bulk .count");
    if (line) line.textContent = ticked ? (line.dataset.text ?? "#").replace("#", String(ticked)) : "";
  }

  private key(e: KeyboardEvent) {
    if (typing(e) || e.shiftKey) return;
    const rows = [...this.querySelectorAll<HTMLTableRowElement>("tbody tr")];
    const now = rows.findIndex((r) => r.contains(document.activeElement));
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[e.key];
    if (step) {
      // From the scroll region the arrow enters the list; from a row it moves on.
      const next = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step];
      const link = next?.querySelector<HTMLElement>("th a, th button") ?? next?.querySelector<HTMLElement>(".pick input, a");
      if (!link) return;
      e.preventDefault();
      link.focus();
      next.scrollIntoView({ block: "nearest" });
    } else if (e.key === "x" && now >= 0) {
      rows[now].querySelector<HTMLInputElement>(".pick input")?.click();
    }
  }
}
