// Copies the text of another element and says so.
export class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const status = this.querySelector("[role=status]");
    if (!button || !status || !navigator.clipboard) return;
    button.hidden = false;
    button.onclick = async () => {
      const from = document.getElementById(this.dataset.from ?? "");
      await navigator.clipboard.writeText(from?.textContent?.trim() ?? "");
      status.textContent = this.dataset.done ?? "";
      setTimeout(() => (status.textContent = ""), 4000);
    };
  }
}

// Shows a password while its button is pressed in.
export class PasswordField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const button = this.querySelector("button");
    if (!input || !button) return;
    button.hidden = false;
    const show = (yes: boolean) => {
      input.type = yes ? "text" : "password";
      button.setAttribute("aria-pressed", String(yes));
    };
    button.onclick = () => show(input.type === "password");
    // Password keepers and history see a password field again when the form is sent.
    input.form?.addEventListener("submit", () => show(false));
  }
}

// Lets the browser's suggestions complete the last of several words separated by commas.
export class TagField extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    const list = input?.list;
    if (!input || !list) return;
    const words = [...list.querySelectorAll("option")].map((o) => o.value);
    input.addEventListener("input", () => {
      const cut = input.value.lastIndexOf(",") + 1;
      const before = cut ? input.value.slice(0, cut) + " " : "";
      const taken = before.split(",").map((w) => w.trim());
      list.replaceChildren(...words.filter((w) => !taken.includes(w)).map((w) => new Option(undefined, before + w)));
    });
  }
}
