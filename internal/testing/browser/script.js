// What the harness needs inside a page. Evaluated anew for each question, so it
// survives navigation and leaves nothing behind.
(() => {
  const clean = (text) => (text || "").replace(/\s+/g, " ").trim();

  // A control's label as a person reads it.
  const labelOf = (e) => {
    if (e.getAttribute("aria-label")) return clean(e.getAttribute("aria-label"));
    const by = e.getAttribute("aria-labelledby");
    if (by) return clean(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
    return e.labels?.length ? clean(Array.from(e.labels, (l) => l.textContent).join(" ")) : "";
  };

  const visible = (e) => {
    const r = e.getBoundingClientRect();
    return r.width > 0 && r.height > 0 && e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };

  const speaking = "a, button, summary, label, input[type=submit], input[type=button], [role], h1, h2, h3, h4, li, td, th, p, span, legend, option";
  const said = (e) => (e.matches("input[type=submit], input[type=button]") ? e.value : e.getAttribute("aria-label") || e.innerText);

  // Selectors: CSS, "text=Save" for what a person reads on the thing, and
  // "label=Name" for the control that goes by that label.
  const findAll = (selector) => {
    if (selector.startsWith("text=")) {
      const want = clean(selector.slice(5));
      const hits = Array.from(document.querySelectorAll(speaking)).filter((e) => clean(said(e)) === want);
      const acting = hits.filter((e) => e.matches("a, button, summary, input, label, [role=button], [role=tab], [role=menuitem], [role=link], [role=option]"));
      return acting.length ? acting : hits.filter((e) => !hits.some((o) => o !== e && e.contains(o)));
    }
    if (selector.startsWith("label=")) {
      const want = clean(selector.slice(6));
      const controls = Array.from(document.querySelectorAll("input, select, textarea, button, output, meter, progress, [role], [contenteditable]"));
      const exact = controls.filter((e) => labelOf(e) === want);
      return exact.length ? exact : controls.filter((e) => labelOf(e).startsWith(want));
    }
    return Array.from(document.querySelectorAll(selector));
  };
  const find = (selector) => {
    const all = findAll(selector);
    return all.find(visible) || all[0] || null;
  };

  // A short name for an element that lets a person find it in the source.
  const describe = (e) => {
    if (!e || !e.localName) return "nothing";
    let out = e.localName;
    if (e.id) out += "#" + e.id;
    else if (e.classList.length) out += "." + Array.from(e.classList).join(".");
    if (e.getAttribute("name")) out += `[name=${e.getAttribute("name")}]`;
    const text = clean(said(e)).slice(0, 40);
    return text ? `${out} "${text}"` : out;
  };

  // The state of an element that is to be clicked, with the point to click.
  const aim = (selector) => {
    const e = find(selector);
    if (!e) return { why: "there is none" };
    if (e.disabled || e.closest("fieldset:disabled, [inert]")) return { why: "it is disabled" };
    e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    let target = e;
    if (!visible(e) && e.labels?.length) target = Array.from(e.labels).find(visible) || e;
    if (!visible(target)) return { why: "it is not visible" };
    const lines = Array.from(target.getClientRects()).filter((r) => r.width && r.height);
    const r = lines[0] || target.getBoundingClientRect();
    const x = r.left + r.width / 2, y = r.top + r.height / 2;
    const top = document.elementFromPoint(x, y);
    const hit = top && (target.contains(top) || top.contains(target) && top.localName === "label" || top.shadowRoot || e.labels && Array.from(e.labels).some((l) => l.contains(top)));
    if (!hit) return { why: `it is covered by ${describe(top)}` };
    return { x, y };
  };

  // Puts the cursor into a control; text is then typed by the harness. Controls
  // that are no text are set here, with the events a person would cause.
  const prepare = (selector, value) => {
    const e = find(selector);
    if (!e) return { why: "there is none" };
    if (e.disabled || e.readOnly || e.closest("fieldset:disabled, [inert]")) return { why: "it takes no input" };
    if (!visible(e)) return { why: "it is not visible" };
    e.scrollIntoView({ block: "center", behavior: "instant" });
    e.focus();
    if (e.localName === "select") {
      const option = Array.from(e.options).find((o) => o.value === value) || Array.from(e.options).find((o) => clean(o.textContent) === clean(value));
      if (!option) return { why: `it has no option ${JSON.stringify(value)}` };
      e.value = option.value;
    } else if (e.localName === "input" && /^(date|time|datetime-local|month|week|color|range)$/.test(e.type)) {
      e.value = value;
      if (e.value !== value) return { why: `it does not accept ${JSON.stringify(value)}` };
    } else {
      if (e.select) e.select();
      else document.getSelection().selectAllChildren(e);
      return { type: true };
    }
    e.dispatchEvent(new Event("input", { bubbles: true }));
    e.dispatchEvent(new Event("change", { bubbles: true }));
    return { type: false };
  };

  // Elements that reach beyond the right edge with nothing above them that
  // scrolls or cuts.
  const overflow = () => {
    const width = document.documentElement.clientWidth;
    const root = document.scrollingElement;
    if (root.scrollWidth <= width && window.innerWidth <= window.outerWidth) return [];
    const contained = (e) => {
      for (let up = e.parentElement; up && up !== document.body && up !== document.documentElement; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== "visible") return true;
      return false;
    };
    const wide = Array.from(document.body.querySelectorAll("*")).filter((e) => e.getBoundingClientRect().right > width + 1 && visible(e) && !contained(e));
    const outermost = wide.filter((e) => !wide.some((o) => o !== e && e.contains(o))).slice(0, 5);
    return outermost.length ? outermost.map(describe) : ["the page itself"];
  };

  const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=link], [role=checkbox], [role=radio], [role=switch], [role=tab], [role=menuitem], [role=option], [tabindex]:not([tabindex='-1'])";

  // Controls smaller than 24 by 24 pixels. A link inside running text is as
  // high as its line and excepted, and a label counts as part of its control.
  const small = () => {
    const inText = (e) => {
      if (getComputedStyle(e).display !== "inline") return false;
      for (let up = e.parentElement; up; up = up.parentElement)
        if (getComputedStyle(up).display !== "inline")
          return Array.from(up.childNodes).some((n) => n.nodeType === 3 && clean(n.textContent) && !e.contains(n)) || clean(up.textContent).length > clean(e.textContent).length + 1 && !up.matches("nav, nav *, li");
      return false;
    };
    const unseen = (e) => {
      const r = e.getBoundingClientRect();
      return !visible(e) || r.width <= 1 || r.height <= 1 || r.right <= 0 || r.bottom + scrollY <= 0;
    };
    return Array.from(document.querySelectorAll(controls)).filter((e) => {
      if (e.disabled || (unseen(e) && !e.labels?.length) || e.localName === "a" && inText(e)) return false;
      const boxes = [e, ...(e.labels || [])].filter((b) => !unseen(b)).map((b) => b.getBoundingClientRect());
      if (!boxes.length) return false;
      const width = Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left));
      const height = Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top));
      return width < 23.95 || height < 23.95;
    }).map((e) => {
      const r = e.getBoundingClientRect();
      return `${describe(e)} is ${Math.round(r.width * 10) / 10}×${Math.round(r.height * 10) / 10}`;
    });
  };

  // How an element and its surroundings look, to be compared with and without
  // the focus.
  const properties = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderTopColor", "borderTopWidth", "borderBottomColor", "borderBottomWidth", "textDecorationLine", "textDecorationColor", "color"];
  const appearance = (e) => {
    const parts = [];
    const add = (of, pseudo) => {
      const s = getComputedStyle(of, pseudo);
      const bare = s.outlineStyle === "none" || s.outlineWidth === "0px";
      parts.push(properties.map((p) => (bare && p.startsWith("outline") ? "" : s[p])).join("|"));
    };
    for (const of of [e, e.parentElement, e.parentElement?.parentElement, e.nextElementSibling, ...(e.labels || [])]) {
      if (!of) continue;
      add(of);
      add(of, "::before");
      add(of, "::after");
    }
    return parts.join("\n");
  };

  const active = () => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    return e === document.body || e === document.documentElement ? null : e;
  };

  // How a former stop looks now that the focus is elsewhere.
  const left = (e) => (e?.isConnected ? appearance(e) : "");

  // The element that has the focus now: who it is, how it looks, where it lies
  // and whether something covers it; and how the one before looks without it.
  const stop = () => {
    const e = active();
    const seen = (window.__commontableStops ??= []);
    const before = left(window.__commontableLast);
    window.__commontableLast = e;
    if (!e) return { at: "", left: before };
    let index = seen.indexOf(e);
    const again = index >= 0;
    if (!again) index = seen.push(e) - 1;
    const r = e.getBoundingClientRect();
    const inside = (x, y) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    // Of something larger than the window, the part in the window counts.
    const x0 = Math.max(r.left, 0), y0 = Math.max(r.top, 0), x1 = Math.min(r.right, innerWidth), y1 = Math.min(r.bottom, innerHeight);
    const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([a, b]) => [x0 + (x1 - x0) * a, y0 + (y1 - y0) * b]);
    const clear = x1 > x0 && y1 > y0 && points.some(([x, y]) => {
      if (!inside(x, y)) return false;
      const top = document.elementFromPoint(x, y);
      return top && (e.contains(top) || top.contains(e) || Array.from(e.labels || []).some((l) => l.contains(top)));
    });
    const size = r.width > 1 && r.height > 1;
    const framed = e.localName === "iframe";
    return { at: describe(e), index, again, framed, clear: clear || !size, look: appearance(e), left: before, box: [r.left + scrollX, r.top + scrollY, r.width, r.height] };
  };

  // Gives the focus to a former stop as the keyboard would.
  const refocus = (index) => {
    const e = window.__commontableStops[index];
    if (e.isConnected) e.focus({ preventScroll: true, focusVisible: true });
    return true;
  };
  const restart = () => {
    delete window.__commontableStops;
    delete window.__commontableLast;
    document.activeElement?.blur();
    document.getSelection()?.removeAllRanges();
    scrollTo(0, 0);
  };

  return { clean, find, findAll, visible, describe, aim, prepare, overflow, small, active, stop, refocus, restart };
})()
