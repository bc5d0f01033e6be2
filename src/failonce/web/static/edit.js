// The lint's findings beside the text as one types, and a way from each to its line.
"use strict";
(() => {
  const form = document.querySelector("form.desk");
  const text = form?.querySelector("textarea");
  const findings = document.querySelector("#findings");
  if (!text || !findings) return;
  const AFTER_MS = 400;
  let timer = 0;
  let asked = 0;
  let isSaved = true;

  async function lint() {
    const turn = ++asked;
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, text: text.value });
    try {
      const answer = await fetch(form.dataset.lint, { method: "POST", body, redirect: "error" });
      if (answer.ok && turn === asked) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        findings.replaceChildren(...fresh.body.childNodes);
      }
    } catch {
      // The next key asks again; the findings of before stand meanwhile.
    }
  }

  function go(line, column, end) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
    text.focus();
    text.setSelectionRange(start + column - 1, start + Math.max(column, end) - 1);
    const height = parseFloat(getComputedStyle(text).lineHeight);
    text.scrollTop = Math.max(0, (line - 6) * height);
  }

  text.addEventListener("input", () => {
    isSaved = false;
    clearTimeout(timer);
    timer = setTimeout(lint, AFTER_MS);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", () => { isSaved = true; });
  window.addEventListener("beforeunload", (event) => { if (!isSaved) event.preventDefault(); });
  findings.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.line), Number(link.dataset.column), Number(link.dataset.end));
  });
})();
