// Keys for whoever does not like to reach for the mouse: the letters that links and fields carry in data-key.
"use strict";
(() => {
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");
  const keys = () => [...document.querySelectorAll("[data-key]")];

  function help() {
    const open = document.querySelector(".keymap");
    if (open) return open.remove();
    const box = document.createElement("div");
    box.className = "keymap";
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", "Keys");
    const title = document.createElement("h2");
    title.textContent = "Keys";
    const list = document.createElement("dl");
    const rows = [["/", "Search"], ...keys().map((k) => [k.dataset.key, k.textContent.trim().slice(0, 30) || "Write a note"]), ["Esc", "Close"]];
    for (const [key, what] of rows) {
      const dt = document.createElement("dt");
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      dt.append(kbd);
      const dd = document.createElement("dd");
      dd.textContent = what;
      list.append(dt, dd);
    }
    box.append(title, list);
    document.body.append(box);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelector(".keymap")?.remove();
      document.querySelectorAll("details.account[open]").forEach((d) => d.removeAttribute("open"));
      if (typing(event.target)) event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "?") return help();
    if (event.key === "/") {
      event.preventDefault();
      return document.querySelector("#find")?.focus();
    }
    const chosen = keys().find((k) => k.dataset.key === event.key);
    if (!chosen) return;
    event.preventDefault();
    if (chosen.matches("a")) chosen.click();
    else chosen.focus();
  });
})();
