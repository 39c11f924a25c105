import { typing } from "./typing";

// A note that was typed and is not known to be kept by the server.
interface Note {
  id: string;
  kind: string;
  text: string;
  item_id: string;
}

// An id whose order is the order of time (UUID version 7), so that a note sent twice is noted once.
function newID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// Seconds as minutes and seconds.
function clock(seconds: number): string {
  const s = Math.abs(Math.round(seconds));
  const h = Math.floor(s / 3600);
  const rest = `${Math.floor(s / 60) % 60}`.padStart(h ? 2 : 1, "0") + ":" + `${s % 60}`.padStart(2, "0");
  return h ? `${h}:${rest}` : rest;
}

// The run mode of a meeting: counts the time of the present item down, takes notes by two keys, and keeps
// them on this device until the server has them.
export class MeetingRun extends HTMLElement {
  private ticking = 0;
  private sending = false;
  private told = "";

  connectedCallback() {
    this.tick();
    this.ticking = window.setInterval(() => this.tick(), 1000);
    const form = this.querySelector<HTMLFormElement>("form[data-capture]");
    if (!form) return;
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      this.take(form);
    });
    form.addEventListener("keydown", (e) => {
      if (e.key === "Enter" && !e.shiftKey && !e.isComposing && e.target instanceof HTMLTextAreaElement) {
        e.preventDefault();
        this.take(form);
      }
    });
    document.addEventListener("keydown", this.begin);
    window.addEventListener("online", this.flush);
    window.addEventListener("beforeunload", this.leave);
    void this.flush();
  }

  disconnectedCallback() {
    clearInterval(this.ticking);
    document.removeEventListener("keydown", this.begin);
    window.removeEventListener("online", this.flush);
    window.removeEventListener("beforeunload", this.leave);
  }

  // The key of a kind of note begins one; Enter keeps it.
  private begin = (e: KeyboardEvent) => {
    if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    const form = this.querySelector<HTMLFormElement>("form[data-capture]");
    const choices = [...(form?.querySelectorAll<HTMLInputElement>("input[name=kind]") ?? [])];
    const choice = choices[Number(e.key) - 1];
    const text = form?.querySelector("textarea");
    if (!choice || !text) return;
    e.preventDefault();
    choice.checked = true;
    text.focus();
  };

  private get key() {
    return "commontable-notes-" + this.dataset.meeting;
  }

  private get queue(): Note[] {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]") as Note[];
    } catch {
      return [];
    }
  }

  private set queue(notes: Note[]) {
    if (notes.length) localStorage.setItem(this.key, JSON.stringify(notes));
    else localStorage.removeItem(this.key);
  }

  private take(form: HTMLFormElement) {
    const said = new FormData(form);
    const text = form.querySelector("textarea")!;
    if (!text.value.trim()) return text.focus();
    const note = { id: newID(), kind: String(said.get("kind") ?? ""), text: text.value, item_id: String(said.get("item_id") ?? "") };
    try {
      this.queue = [...this.queue, note];
    } catch {
      return form.submit(); // there is no room on this device: the page goes the plain way
    }
    text.value = "";
    text.focus();
    void this.flush();
  }

  // Sends what waits, the oldest first. What the server will never take is shown and stays.
  private flush = async () => {
    const form = this.querySelector<HTMLFormElement>("form[data-capture]");
    if (!form || this.sending) return;
    this.sending = true;
    let problem = "";
    try {
      for (let note = this.queue[0]; note; note = this.queue[0]) {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams({ ...note }), headers: { "HX-Request": "true" }, redirect: "manual" });
        if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") {
          problem = this.dataset.again ?? "";
          break;
        }
        if (answer.status === 422) {
          problem = (this.dataset.refused ?? "").replace("{reason}", await answer.text());
          const text = form.querySelector("textarea")!;
          if (!text.value) text.value = note.text;
          this.queue = this.queue.filter((n) => n.id !== note.id);
          break;
        }
        if (!answer.ok) break;
        this.queue = this.queue.filter((n) => n.id !== note.id);
        document.body.dispatchEvent(new CustomEvent("noted"));
      }
    } catch {
      // No connection: what waits is tried again with the next tick that asks for it.
    }
    this.sending = false;
    this.say(problem);
  };

  private say(problem: string) {
    const line = this.querySelector<HTMLElement>("[data-pending]");
    if (!line) return;
    const waiting = this.queue.length;
    line.textContent = problem || (waiting ? (this.dataset.waiting ?? "").replace("{count}", String(waiting)) : "");
    line.hidden = !line.textContent;
  }

  private leave = (e: BeforeUnloadEvent) => {
    const text = this.querySelector<HTMLTextAreaElement>("form[data-capture] textarea");
    if (text?.value.trim()) e.preventDefault();
  };

  private tick() {
    const now = Date.now();
    if (Math.floor(now / 1000) % 10 === 0 && this.queue.length) void this.flush();
    const left = this.querySelector<HTMLElement>(".run-left");
    const status = this.querySelector<HTMLElement>("[role=status].sr");
    if (!left) return;
    const item = this.querySelector<HTMLElement>("li[data-open]");
    this.querySelectorAll("li[aria-current]").forEach((li) => { if (li !== item) li.removeAttribute("aria-current"); });
    item?.setAttribute("aria-current", "step");
    const until = new Date(item?.dataset.until ?? this.dataset.ends ?? "").getTime();
    const seconds = (until - now) / 1000;
    left.hidden = Math.abs(seconds) > 86400; // far from the day of the meeting a clock says nothing
    left.classList.toggle("over", seconds < 0);
    left.textContent = ((seconds < 0 ? this.dataset.over : this.dataset.left) ?? "").replace("{time}", clock(seconds));
    const name = item?.querySelector("b")?.textContent ?? "";
    if (seconds < 0 && !left.hidden && status && name && this.told !== name) {
      this.told = name;
      status.textContent = (this.dataset.up ?? "").replace("{item}", name);
    }
  }
}

// Prints the page.
export class PrintButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.onclick = () => window.print();
  }
}
