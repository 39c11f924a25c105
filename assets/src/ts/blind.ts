// A script of its own, for the pages of anonymous surveys alone. The browser draws a token,
// has it signed without showing it, and shows it later with the answers (RFC 9474).
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { Kept, Slips, toBytes, toText } from "./blind_kept";
import { answered, check, faults, find, rate, restore } from "./blind_form";

const suite = RSABSSA.SHA384.PSS.Deterministic();

/** Shows one of the paragraphs that say how things stand. */
function say(root: HTMLElement, what: string, text?: string) {
  for (const p of root.querySelectorAll<HTMLElement>("[data-say]")) {
    p.hidden = p.dataset.say !== what;
    if (!p.hidden && text !== undefined) p.textContent = text;
  }
}

/** The page behind a personal link: its button gets a token, and goes on to the questions. */
class BlindToken extends HTMLElement {
  private slips = new Slips(this.dataset.wave!, this.dataset.mine!);

  connectedCallback() {
    this.hidden = false;
    const button = this.querySelector<HTMLButtonElement>("button[data-take]")!;
    const kept = this.slips.read();
    if (kept?.spent) say(this, "spent");
    else if (!crypto.subtle || !this.slips.works()) say(this, "old");
    else if (kept?.signature) this.offer(button, this.dataset.on!);
    else if (this.dataset.taken && !kept?.blinded) say(this, "taken");
    else this.offer(button, button.textContent!);
  }

  private offer(button: HTMLButtonElement, label: string) {
    button.textContent = label;
    button.hidden = false;
    button.onclick = async () => {
      if (button.ariaDisabled === "true") return;
      button.ariaDisabled = "true";
      say(this, "");
      try {
        await this.get();
        location.assign(this.dataset.next! + "#" + this.dataset.mine!);
      } catch (e) {
        say(this, "failed", (e instanceof Error && e.name === "Refused" && e.message) || this.dataset.failed);
      }
      button.ariaDisabled = null;
    };
  }

  private async get() {
    let kept = this.slips.read();
    if (kept?.signature) return;
    const key = await crypto.subtle.importKey("jwk", JSON.parse(this.dataset.key!) as JsonWebKey, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
    // What was asked before is asked again, in case the answer was lost on its way.
    if (!kept?.token || !kept.blinded || !kept.inverse) {
      const token = crypto.getRandomValues(new Uint8Array(32));
      const { blindedMsg, inv } = await suite.blind(key, suite.prepare(token));
      kept = { token: toText(token), inverse: toText(inv), blinded: toText(blindedMsg) };
      this.slips.keep(kept);
    }
    const answer = await fetch(this.dataset.issue!, { method: "POST", credentials: "omit", headers: { Accept: "application/json" }, body: new URLSearchParams({ blinded: kept.blinded! }) });
    const json = (await answer.json().catch(() => ({}))) as { signed?: string; detail?: string };
    if (!answer.ok || !json.signed) throw Object.assign(new Error(json.detail ?? ""), { name: "Refused" });
    const signature = await suite.finalize(key, suite.prepare(toBytes(kept.token!)), toBytes(json.signed), toBytes(kept.inverse!));
    this.slips.keep({ token: kept.token, signature: toText(signature) });
  }
}

/** The questions. What is typed stays in this browser until all of it is handed in. */
class BlindAnswer extends HTMLElement {
  private slips = new Slips(this.dataset.wave!, location.hash.slice(1) || Slips.only(this.dataset.wave!));

  connectedCallback() {
    const form = this.querySelector("form")!;
    // Another language is another page, which is to find the same slip.
    for (const other of document.querySelectorAll<HTMLFormElement>("form.langs")) other.action += "#" + this.slips.mine;
    const kept = this.slips.read();
    if (kept?.spent) return this.end("spent");
    if (!kept?.signature) return;
    this.without();
    this.hidden = false;
    restore(form, this.slips.draft());
    check(form);
    form.addEventListener("input", (e) => {
      const at = e.target as HTMLInputElement;
      if (at.hasAttribute("data-find")) return find(at);
      rate(at);
      check(form);
      this.slips.keepDraft(new URLSearchParams(fields(form)).toString());
    });
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      void this.send(form, kept);
    });
  }

  private without() {
    for (const other of document.querySelectorAll<HTMLElement>("[data-without]")) other.hidden = true;
  }

  private async send(form: HTMLFormElement, kept: Kept) {
    const button = form.querySelector<HTMLButtonElement>("button[type=submit]")!;
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    say(this, "");
    faults(form, []);
    try {
      const body = new URLSearchParams(fields(form));
      body.set("token", kept.token!);
      body.set("signature", kept.signature!);
      const answer = await fetch(form.action, { method: "POST", credentials: "omit", headers: { Accept: "application/json" }, body });
      const json = (await answer.json()) as { state?: string; detail?: string; faults?: { field: string; message: string }[] };
      if (answer.ok && (json.state === "taken" || json.state === "spent")) {
        const mine = json.state === "taken" ? answered(form) : undefined;
        this.slips.spend();
        this.end(json.state, mine);
      } else if (json.faults?.length) faults(form, json.faults);
      else say(this, "failed", json.detail || this.dataset.failed);
    } catch {
      say(this, "failed", this.dataset.failed); // nothing is lost: the same slip serves again
    }
    button.ariaDisabled = null;
  }

  /** Says that answers were handed in, and shows them once more: they are nowhere else. */
  private end(state: string, mine?: HTMLElement) {
    this.without();
    this.hidden = true;
    const done = document.querySelector<HTMLElement>("[data-done]")!;
    done.hidden = false;
    say(done, state);
    if (mine) {
      done.querySelector<HTMLElement>("[data-mine]")!.hidden = false;
      done.append(mine);
    }
    done.focus();
  }
}

const fields = (form: HTMLFormElement) => [...new FormData(form)].map(([name, value]) => [name, String(value)]);

customElements.define("blind-token", BlindToken);
customElements.define("blind-answer", BlindAnswer);
