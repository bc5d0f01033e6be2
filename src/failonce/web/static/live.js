// Keep a page that is under way up to date: ask for it again when the server says that it changed, and exchange the
// parts that have. Where there is no such word (no EventSource, no room for one more stream), ask now and then.
"use strict";
(() => {
  const main = document.querySelector("main[data-live]");
  if (!main) return;
  const everyMs = 1000 * Number(main.dataset.live);
  let tag = "";
  let misses = 0;
  let timer = 0;
  let stream = null;
  let isOver = false;
  let isAsking = false;
  let isOutdated = false;

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
    // What has ended changes no more by itself.
    if (!fresh.querySelector("main[data-live]")) end();
  }

  async function ask() {
    try {
      const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.redirected) return location.assign(answer.url);
      if (answer.status === 404) return location.reload();
      if (answer.status === 200) {
        tag = answer.headers.get("etag") || "";
        exchange(await answer.text());
      }
      misses = 0;
    } catch {
      misses += 1;
    }
  }

  // One question at a time; what changed meanwhile is asked for behind it.
  async function renew() {
    isOutdated = true;
    if (isAsking || document.hidden) return;
    isAsking = true;
    while (isOutdated) {
      isOutdated = false;
      await ask();
    }
    isAsking = false;
  }

  function listen() {
    stream = new EventSource(main.dataset.stream);
    stream.addEventListener("changed", renew);
    stream.addEventListener("over", () => {
      hush();
      renew();
    });
    // A lost connection comes back by itself; a refused one does not.
    stream.addEventListener("error", () => {
      if (stream?.readyState !== EventSource.CLOSED) return;
      hush();
      poll();
    });
  }

  function hush() {
    stream?.close();
    stream = null;
  }

  function poll() {
    if (isOver) return;
    timer = setTimeout(async () => {
      timer = 0;
      await renew();
      if (!document.hidden) poll();
    }, everyMs * Math.min(16, 2 ** misses));
  }

  function begin() {
    if (isOver || stream || timer) return;
    if (window.EventSource && main.dataset.stream) listen();
    else poll();
  }

  function end() {
    isOver = true;
    hush();
    clearTimeout(timer);
    timer = 0;
  }

  // Nobody sees a hidden page: it holds no stream and asks for nothing until it is looked at again.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hush();
      clearTimeout(timer);
      timer = 0;
    } else {
      renew();
      begin();
    }
  });
  if (!document.hidden) begin();
})();
