// Search a static site without a server: the index lies in small files, one for each beginning of a word.
"use strict";
(() => {
  const hits = document.querySelector("#hits");
  const title = document.querySelector("h1");
  const field = document.querySelector("#find");
  const words = new URLSearchParams(location.search).get("q")?.trim() || "";
  if (!hits) return;
  const loaded = new Map();
  window.failonce = { words: {}, documents: [] };

  function load(name) {
    if (!loaded.has(name))
      loaded.set(name, new Promise((done) => {
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.onload = script.onerror = () => done();
        document.head.append(script);
      }));
    return loaded.get(name);
  }

  const parted = (text) => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").match(/[\p{L}\p{N}]+/gu) || [];
  const file = (word) => [...word].slice(0, 2).map((c) => (/[a-z0-9]/.test(c) ? c : "_")).join("");

  async function find() {
    const wanted = parted(words);
    if (!wanted.length) return;
    field.value = words;
    await Promise.all([load("documents"), ...wanted.map((w) => load(file(w)))]);
    const lists = wanted.map((w) => new Set(Object.entries(window.failonce.words).filter(([known]) => known.startsWith(w)).flatMap(([, numbers]) => numbers)));
    const found = [...lists[0]].filter((n) => lists.every((l) => l.has(n))).sort((a, b) => a - b);
    title.textContent = `${found.length.toLocaleString("en")} found`;
    const list = document.createElement("ol");
    list.className = "hits";
    for (const number of found.slice(0, 100)) {
      const [address, name, day, about] = window.failonce.documents[number];
      const item = document.createElement("li");
      const heading = document.createElement("h2");
      const link = document.createElement("a");
      link.href = address;
      link.textContent = name;
      heading.append(link);
      const text = document.createElement("p");
      text.textContent = about;
      const when = document.createElement("p");
      when.className = "muted";
      when.textContent = day;
      item.append(heading, text, when);
      list.append(item);
    }
    hits.replaceChildren(list);
  }
  find();
})();
