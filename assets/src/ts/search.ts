import { typing } from "./typing";

// Milliseconds of silence before asking; shorter asks for letters nobody wanted.
const pause = 140;

// A text field whose hits appear below it as a listbox while somebody types.
abstract class Combobox extends HTMLElement {
  protected input!: HTMLInputElement;
  private box = document.createElement("div");
  private live = document.createElement("p");
  private timer = 0;
  private asking?: AbortController;

  connectedCallback() {
    const input = this.querySelector("input");
    if (!input || this.input) return;
    this.input = input;
    this.ready();
    if (!this.dataset.suggest) return;
    this.box.className = "found";
    this.box.hidden = true;
    this.live.className = "sr";
    this.live.setAttribute("role", "status");
    this.host().append(this.box, this.live);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.ask(), pause);
    });
    input.addEventListener("keydown", (e) => this.key(e));
    input.addEventListener("focus", () => { if (input.value.trim() && this.options().length) this.open(true); });
    this.addEventListener("focusout", (e) => { if (!this.contains(e.relatedTarget as Node | null)) this.open(false); });
    // The press must not take the focus away before the click arrives.
    this.box.addEventListener("mousedown", (e) => e.preventDefault());
    this.box.addEventListener("click", (e) => this.go((e.target as Element).closest("[role=option]")));
  }

  protected ready() {}

  // What the hits are hung into.
  protected abstract host(): HTMLElement;

  protected abstract go(option: Element | null | undefined): void;

  private options() {
    return [...this.box.querySelectorAll<HTMLElement>("[role=option]")];
  }

  private async ask() {
    const query = this.input.value.trim();
    this.asking?.abort();
    if (!query) {
      this.box.replaceChildren();
      this.live.textContent = "";
      return this.open(false);
    }
    this.asking = new AbortController();
    const url = new URL(this.dataset.suggest!, location.href);
    url.searchParams.set("q", query);
    try {
      const answer = await fetch(url, { signal: this.asking.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) return this.open(false);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const list = page.querySelector<HTMLElement>("[role=listbox]");
      if (!list) return this.open(false);
      this.box.replaceChildren(document.adoptNode(list));
      this.input.setAttribute("aria-controls", list.id);
      this.live.textContent = list.dataset.count ?? "";
      this.open(document.activeElement === this.input && this.options().length > 0);
    } catch {
      // An aborted or failed request leaves the plain search form.
    }
  }

  protected open(yes: boolean) {
    this.box.hidden = !yes;
    this.input.setAttribute("aria-expanded", String(yes));
    if (!yes) this.pick(-1);
  }

  private pick(index: number) {
    this.options().forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const chosen = this.options()[index];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  private key(e: KeyboardEvent) {
    if (e.isComposing) return;
    const all = this.options();
    const now = all.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      if (!all.length) return;
      e.preventDefault();
      if (this.box.hidden) this.open(true);
      const step = e.key === "ArrowDown" ? 1 : -1;
      this.pick(now < 0 && step < 0 ? all.length - 1 : (now + step + all.length) % all.length);
    } else if (e.key === "Enter" && !this.box.hidden && now >= 0) {
      e.preventDefault();
      this.go(all[now]);
    } else if (e.key === "Escape" && !this.box.hidden) {
      e.preventDefault();
      this.open(false);
    }
  }
}

// Turns the search form into a combobox; Enter without a choice still sends the plain form.
export class SearchBox extends Combobox {
  protected ready() {
    document.addEventListener("keydown", (e) => {
      if (e.key === "/" && !typing(e)) {
        e.preventDefault();
        this.input.focus();
        this.input.select();
      }
    });
  }

  // Inside the form, so that the hits belong to the search landmark.
  protected host() {
    return this.input.form!;
  }

  protected go(option: Element | null | undefined) {
    const href = (option as HTMLElement | null)?.dataset.href;
    if (href) location.assign(href);
  }
}

// Takes over the record that was picked; what is typed afterwards is a name again, which the server looks up.
export class LookupField extends Combobox {
  private get chosen() {
    return this.querySelector<HTMLInputElement>("input[type=hidden]");
  }

  protected ready() {
    this.input.addEventListener("input", () => { if (this.chosen) this.chosen.value = ""; });
  }

  protected host() {
    return this;
  }

  protected go(option: Element | null | undefined) {
    const value = (option as HTMLElement | null)?.dataset.value;
    if (!value || !this.chosen) return;
    this.chosen.value = value;
    this.input.value = option!.querySelector("span > span")?.textContent ?? "";
    this.open(false);
  }
}
