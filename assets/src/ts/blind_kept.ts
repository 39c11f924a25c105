// What a browser keeps of an anonymous survey, for each personal link that was opened in it.

/** A slip on its way: drawn, signed, spent. */
export interface Kept { token?: string; inverse?: string; blinded?: string; signature?: string; spent?: boolean }

export const toText = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
export const toBytes = (text: string) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

export class Slips {
  constructor(private readonly wave: string, readonly mine: string) {}

  /** The only one of a wave, for who comes without saying which. */
  static only(wave: string): string {
    const all: string[] = [];
    try {
      for (let n = 0; n < localStorage.length; n++) {
        const key = localStorage.key(n)!;
        if (key.startsWith(`slip ${wave} `)) all.push(key.slice(`slip ${wave} `.length));
      }
    } catch { /* a browser that keeps nothing */ }
    return all.length === 1 ? all[0]! : "";
  }

  private get place() { return `slip ${this.wave} ${this.mine}`; }
  private get draftPlace() { return `draft ${this.wave} ${this.mine}`; }

  works() {
    try {
      localStorage.setItem("slip", "");
      localStorage.removeItem("slip");
      return true;
    } catch { return false; }
  }

  read(): Kept | undefined {
    try { return JSON.parse(localStorage.getItem(this.place) ?? "") as Kept; } catch { return undefined; }
  }

  keep(kept: Kept) { localStorage.setItem(this.place, JSON.stringify(kept)); }

  spend() {
    this.keep({ spent: true });
    localStorage.removeItem(this.draftPlace);
  }

  draft() {
    try { return localStorage.getItem(this.draftPlace) ?? ""; } catch { return ""; }
  }

  keepDraft(text: string) {
    try { localStorage.setItem(this.draftPlace, text); } catch { /* it is handed in all the same */ }
  }
}
