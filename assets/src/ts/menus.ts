// Menus are details elements; this closes them as people expect menus to close.
export function startMenus() {
  const open = () => [...document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")];
  document.addEventListener("click", (e) => {
    for (const menu of open()) if (!menu.contains(e.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || e.defaultPrevented) return;
    for (const menu of open()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("focusin", (e) => {
    for (const menu of open()) if (!menu.contains(e.target as Node)) menu.open = false;
  });
  document.addEventListener("toggle", (e) => {
    const menu = e.target as HTMLElement;
    if (menu.matches("details.menu[open]")) keepInView(menu);
  }, true);
}

// On a narrow window the tabs scroll; the one that is open comes into view.
export function showTab() {
  for (const tabs of document.querySelectorAll<HTMLElement>(".tabs")) {
    const now = tabs.querySelector("[aria-current]")?.getBoundingClientRect();
    const box = tabs.getBoundingClientRect();
    if (now) tabs.scrollBy(now.left + now.width / 2 - box.left - box.width / 2, 0);
  }
}

// Turns a menu to the other side where it would leave the window.
function keepInView(menu: HTMLElement) {
  const pop = menu.querySelector(".pop");
  if (!pop) return;
  const box = pop.getBoundingClientRect();
  if (box.left < 0 || box.right > document.documentElement.clientWidth) menu.classList.toggle("end");
}
