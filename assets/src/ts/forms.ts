// Guards typed text, prevents double submits, asks before what cannot be undone, and moves to the errors.
const dirty = new Set<HTMLFormElement>();

export function startForms() {
  const errors = document.querySelector<HTMLElement>("[data-focus]");
  errors?.focus();
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-dirty]")) dirty.add(form);

  document.addEventListener("input", (e) => {
    const form = (e.target as HTMLInputElement).form;
    if (form?.hasAttribute("data-guard")) dirty.add(form);
  });
  document.addEventListener("reset", (e) => dirty.delete(e.target as HTMLFormElement));
  addEventListener("beforeunload", (e) => {
    for (const form of dirty) if (form.isConnected) return e.preventDefault();
  });

  document.addEventListener("submit", (e) => {
    const form = e.target as HTMLFormElement;
    const button = e.submitter as HTMLButtonElement | null;
    if (form.dataset.sent) return e.preventDefault();
    const question = button?.dataset.confirm ?? form.dataset.confirm;
    if (question && !confirm(question)) return e.preventDefault();
    if (e.defaultPrevented) return;
    dirty.delete(form);
    // Attributes, because a field named "method" would hide the property.
    if (form.getAttribute("method") !== "post" || form.getAttribute("target")) return;
    // aria-disabled keeps the focus and still sends the button's own value.
    form.dataset.sent = "yes";
    for (const b of buttons(form)) b.setAttribute("aria-disabled", "true");
    // A download or a lost connection leaves the page: let people try again.
    setTimeout(() => release(form), 8000);
  });
  // The back button brings forms back as they were left.
  addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(release));
  document.addEventListener("htmx:after:request", (e) => {
    const form = (e.target as Element).closest?.("form");
    if (form) release(form);
  });
}

function buttons(form: HTMLFormElement) {
  return [...form.elements].filter((b): b is HTMLButtonElement => b instanceof HTMLButtonElement && b.type === "submit");
}

function release(form: HTMLFormElement) {
  delete form.dataset.sent;
  for (const b of buttons(form)) b.removeAttribute("aria-disabled");
}
