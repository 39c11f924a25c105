// The form of an anonymous survey: what the server does between pages elsewhere, the
// browser does here, since the server is to see nothing before everything is handed in.
interface Condition { question: string; is: string[] }

const questions = (form: HTMLElement) => [...form.querySelectorAll<HTMLElement>("[data-question]")];
const inputs = (root: HTMLElement) => [...root.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input[name],select[name],textarea[name]")];

/** The values given to a question, without the ratings of a roster. */
function values(question: HTMLElement): string[] {
  return inputs(question).filter((i) => !(i instanceof HTMLInputElement && (i.type === "radio" || i.type === "checkbox")) || (i as HTMLInputElement).checked).map((i) => i.value);
}

/** Shows the questions that are asked after the answers so far. */
export function check(form: HTMLElement) {
  const all = new Map(questions(form).map((q) => [q.dataset.question!, q]));
  for (const q of all.values()) {
    const when = JSON.parse(q.dataset.showIf || "[]") as Condition[];
    q.hidden = !when.every((c) => {
      const other = all.get(c.question);
      return other && !other.hidden && values(other).some((v) => c.is.includes(v));
    });
    // What is not asked is not sent.
    for (const i of inputs(q)) i.disabled = q.hidden;
  }
  for (const section of form.querySelectorAll<HTMLElement>("[data-section]")) {
    section.hidden = questions(section).every((q) => q.hidden);
  }
}

/** Asks for ratings of an entry that was ticked, and no more of one that was not. */
export function rate(box: HTMLInputElement) {
  const question = box.closest<HTMLElement>("[data-question]");
  const template = question?.querySelector<HTMLTemplateElement>("template[data-rate]");
  if (!question || !template || box.type !== "checkbox") return;
  const there = question.querySelector<HTMLElement>(`[data-rated="${box.value}"]`);
  if (there) there.hidden = !box.checked;
  if (there) for (const i of inputs(there)) i.disabled = !box.checked;
  if (there || !box.checked) return;
  const name = box.closest("label")!.textContent!.trim();
  const made = document.createElement("div");
  made.dataset.rated = box.value;
  made.className = "flow";
  made.append(template.content.cloneNode(true));
  for (const at of made.querySelectorAll("*")) {
    for (const a of [...at.attributes]) a.value = a.value.replaceAll("ENTRY", box.value);
  }
  for (const legend of made.querySelectorAll("legend")) {
    for (const text of legend.childNodes) if (text.nodeType === Node.TEXT_NODE) text.textContent = text.textContent!.replace("ENTRY", name);
  }
  template.before(made);
}

/** Shows the entries of a long roster that match, and those that are ticked. */
export function find(search: HTMLInputElement) {
  const wanted = search.value.trim().toLowerCase();
  for (const label of search.closest("[data-question]")!.querySelectorAll<HTMLElement>("label.choice")) {
    const box = label.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box) label.parentElement!.hidden = !box.checked && !label.textContent!.toLowerCase().includes(wanted);
  }
}

/** Fills in a draft: ticks first, since they ask for ratings. */
export function restore(form: HTMLFormElement, draft: string) {
  const given = new URLSearchParams(draft);
  for (const pass of [0, 1]) {
    for (const i of inputs(form)) {
      if (!given.has(i.name)) continue;
      if (i instanceof HTMLInputElement && (i.type === "radio" || i.type === "checkbox")) i.checked = given.getAll(i.name).includes(i.value);
      else if (i.type !== "hidden") i.value = given.get(i.name)!;
      if (pass === 0 && i instanceof HTMLInputElement && i.checked) rate(i);
    }
  }
}

/** Tells each fault at its question, and all of them above. */
export function faults(form: HTMLFormElement, list: { field: string; message: string }[]) {
  for (const old of form.querySelectorAll("[data-fault]")) old.remove();
  const box = form.querySelector<HTMLElement>("[data-faults]")!;
  const lines = box.querySelector("ul")!;
  lines.replaceChildren();
  box.hidden = list.length === 0;
  for (const f of list) {
    const question = questions(form).find((q) => q.dataset.question === f.field);
    const line = document.createElement("li");
    const name = question?.querySelector("legend,label")?.firstChild?.textContent?.trim();
    const text = name ? `${name}: ${f.message}` : f.message;
    if (question) {
      const link = document.createElement("a");
      link.href = "#" + question.id;
      link.textContent = text;
      // A fragment here names the slip, and stays.
      link.onclick = (e) => {
        e.preventDefault();
        question.scrollIntoView();
        inputs(question)[0]?.focus();
      };
      line.append(link);
      const said = document.createElement("p");
      said.className = "err";
      said.dataset.fault = "";
      said.textContent = f.message;
      question.prepend(said);
    } else line.textContent = text;
    lines.append(line);
  }
  if (list.length > 0) box.focus();
}

/** What was answered, in words, made of what the form shows. */
export function answered(form: HTMLFormElement): HTMLElement {
  const list = document.createElement("dl");
  for (const question of questions(form)) {
    if (question.hidden) continue;
    for (const field of question.querySelectorAll<HTMLElement>(".field")) {
      if (field.hidden || field.closest("[data-rated][hidden]")) continue;
      const given: string[] = [];
      for (const i of inputs(field)) {
        if (i instanceof HTMLInputElement && (i.type === "radio" || i.type === "checkbox")) {
          if (i.checked) given.push(i.closest("label")!.textContent!.trim());
        } else if (i instanceof HTMLSelectElement) {
          if (i.value) given.push(i.selectedOptions[0]!.textContent!.trim());
        } else if (i.value.trim()) given.push(i.value.trim());
      }
      const label = field.querySelector("legend,label");
      if (!label || inputs(field).length === 0) continue;
      const line = document.createElement("div");
      const what = document.createElement("dt");
      what.textContent = label.firstChild!.textContent!.trim();
      const said = document.createElement("dd");
      said.textContent = given.join(", ") || form.dataset.nothing || "–";
      line.append(what, said);
      list.append(line);
    }
  }
  const out = document.createElement("section");
  out.className = "facts";
  out.append(list);
  return out;
}
