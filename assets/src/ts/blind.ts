// A script of its own, for the pages of anonymous surveys alone. The browser draws a token,
// has it signed without showing it, and shows it later with the answers (RFC 9474).
import { RSABSSA } from "@cloudflare/blindrsa-ts";

const suite = RSABSSA.SHA384.PSS.Deterministic();

/** What a browser keeps between asking for a token and spending it. */
interface Kept { token: string; inverse?: string; blinded?: string; signature?: string }

const toText = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const toBytes = (text: string) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

abstract class OfWave extends HTMLElement {
  private get place() { return `survey ${this.dataset.wave}`; }

  protected read(): Kept | undefined {
    try { return JSON.parse(localStorage.getItem(this.place) ?? "") as Kept; } catch { return undefined; }
  }

  protected keep(kept: Kept) { localStorage.setItem(this.place, JSON.stringify(kept)); }

  protected forget() { localStorage.removeItem(this.place); }
}

/** The first page: its button gets a token, and goes on to the questions. */
class BlindToken extends OfWave {
  connectedCallback() {
    const button = this.querySelector("button");
    const said = this.querySelector("[role=alert]");
    if (!button || !said || !crypto.subtle) return;
    this.hidden = false;
    button.onclick = async () => {
      if (button.ariaDisabled === "true") return;
      button.ariaDisabled = "true";
      said.textContent = "";
      try {
        await this.get();
        location.assign(this.dataset.next!);
      } catch (e) {
        said.textContent = (e instanceof Error && e.name === "Refused" && e.message) || this.dataset.failed || "";
      }
      button.ariaDisabled = null;
    };
  }

  private async get() {
    let kept = this.read();
    if (kept?.signature) return;
    const key = await crypto.subtle.importKey("jwk", JSON.parse(this.dataset.key!) as JsonWebKey, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
    // What was asked before is asked again, in case the answer was lost on its way.
    if (!kept?.blinded || !kept.inverse) {
      const token = crypto.getRandomValues(new Uint8Array(32));
      const { blindedMsg, inv } = await suite.blind(key, suite.prepare(token));
      kept = { token: toText(token), inverse: toText(inv), blinded: toText(blindedMsg) };
      this.keep(kept);
    }
    const answer = await fetch(this.dataset.issue!, {
      method: "POST", credentials: "same-origin", headers: { Accept: "application/json" },
      body: new URLSearchParams({ blinded: kept.blinded! }),
    });
    const json = (await answer.json().catch(() => ({}))) as { signed?: string; detail?: string };
    if (!answer.ok || !json.signed) throw Object.assign(new Error(json.detail ?? ""), { name: "Refused" });
    const signature = await suite.finalize(key, suite.prepare(toBytes(kept.token)), toBytes(json.signed), toBytes(kept.inverse!));
    this.keep({ token: kept.token, signature: toText(signature) });
  }
}

/** The questions: the form shows the token when it is sent, and never before. */
class BlindAnswer extends OfWave {
  connectedCallback() {
    const form = this.querySelector("form");
    const kept = this.read();
    if (!form || !kept?.signature) return;
    this.hidden = false;
    for (const other of document.querySelectorAll<HTMLElement>("[data-without-token]")) other.hidden = true;
    form.addEventListener("submit", () => {
      for (const name of ["token", "signature"] as const) {
        const field = form.elements.namedItem(name);
        if (field instanceof HTMLInputElement) field.value = kept[name] ?? "";
      }
    });
  }
}

/** The last page: the token is spent. */
class BlindSpent extends OfWave {
  connectedCallback() { this.forget(); }
}

customElements.define("blind-token", BlindToken);
customElements.define("blind-answer", BlindAnswer);
customElements.define("blind-spent", BlindSpent);
