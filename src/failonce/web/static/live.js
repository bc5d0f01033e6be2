// Keep a page that is under way up to date: ask for it again, and exchange the parts that have changed.
"use strict";
(() => {
  const main = document.querySelector("main[data-live]");
  if (!main) return;
  const everyMs = 1000 * Number(main.dataset.live);
  let tag = "";
  let misses = 0;

  const isInUse = (part) => part.contains(document.activeElement) && document.activeElement !== document.body;

  function exchange(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const wanted = [...fresh.querySelectorAll("main [data-part]")];
    const names = (parts) => parts.map((p) => p.dataset.part).join();
    const present = [...main.querySelectorAll("[data-part]")];
    if (names(wanted) !== names(present)) return location.reload();
    wanted.forEach((part, index) => {
      const old = present[index];
      if (old.innerHTML === part.innerHTML || isInUse(old)) return;
      old.replaceChildren(...part.childNodes);
      document.dispatchEvent(new CustomEvent("failonce:part", { detail: old }));
    });
    const heading = fresh.querySelector("h1");
    const mine = main.querySelector("h1");
    if (heading && mine && heading.textContent !== mine.textContent) mine.textContent = heading.textContent;
  }

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.redirected) return location.assign(answer.url);
      if (answer.status === 200) {
        tag = answer.headers.get("etag") || "";
        exchange(await answer.text());
      }
      misses = 0;
    } catch {
      misses += 1;
    }
  }

  async function turn() {
    await ask();
    setTimeout(turn, everyMs * Math.min(16, 2 ** misses));
  }
  setTimeout(turn, everyMs);
})();
