// Milliseconds of silence before the letter is shown anew.
const pause = 400;

// Shows what a letter looks like while its text is typed.
export class LetterPreview extends HTMLElement {
  private timer = 0;
  private asking?: AbortController;

  connectedCallback() {
    this.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.ask(), pause);
    });
  }

  private async ask() {
    const form = this.querySelector("form");
    if (!form) return;
    this.asking?.abort();
    this.asking = new AbortController();
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("step", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: this.asking.signal, headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(this.dataset.target ?? "");
      const old = document.getElementById(this.dataset.target ?? "");
      if (!fresh || !old) return;
      const open = old.querySelector("details")?.open ?? false;
      const details = fresh.querySelector("details");
      if (details) details.open = open;
      old.replaceWith(document.adoptNode(fresh));
    } catch {
      // An aborted or failed request leaves the button that shows it.
    }
  }
}
