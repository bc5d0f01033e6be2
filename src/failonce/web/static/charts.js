// Read the charts: under the pointer, or with the arrow keys, the values of every line at one instant.
"use strict";
(() => {
  const UNSEEN = "not seen";

  function number(value) {
    if (value === null) return UNSEEN;
    const size = Math.abs(value);
    if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))} million`;
    return Number(value.toPrecision(size >= 1000 ? 6 : 3)).toLocaleString("en");
  }

  function written(value, unit) {
    if (value === null || unit !== "ms") return number(value);
    return value >= 1000 ? `${number(value / 1000)} s` : `${number(value)} ms`;
  }

  function at(trace, seconds) {
    const point = trace.points.find(([from, to]) => seconds >= from && seconds <= to);
    if (point) return point[2];
    const near = trace.points.reduce((best, p) => (Math.abs(p[1] - seconds) < Math.abs(best[1] - seconds) ? p : best), trace.points[0]);
    return near && Math.abs(near[1] - seconds) <= 2 ? near[2] : null;
  }

  function cells(row, name, value) {
    const th = document.createElement("th");
    th.scope = "row";
    th.textContent = name;
    const td = document.createElement("td");
    td.textContent = value;
    row.append(th, td);
  }

  function prepare(body) {
    const charts = body.querySelector(".charts");
    const data = body.querySelector("script.exhibit");
    if (!charts || !data || charts.dataset.ready) return;
    charts.dataset.ready = "yes";
    const exhibit = JSON.parse(data.textContent);
    const begin = Date.parse(exhibit.from_at);
    const length = (Date.parse(exhibit.to_at) - begin) / 1000;
    const hair = document.createElement("div");
    hair.className = "hair";
    hair.hidden = true;
    const readout = document.createElement("div");
    readout.className = "readout";
    readout.hidden = true;
    readout.setAttribute("role", "status");
    charts.append(hair, readout);
    charts.tabIndex = 0;
    charts.setAttribute("role", "group");
    charts.setAttribute("aria-label", "Charts. Left and right arrow keys read the values at an instant.");
    let share = 0.5;

    // Where the plots begin and end, as a share of the drawing's width: the same for all of one width.
    function plot() {
      const svg = [...charts.querySelectorAll("figure svg")].find((s) => s.getClientRects().length);
      const box = svg.getBoundingClientRect();
      const width = svg.viewBox.baseVal.width;
      const [left, right] = width > 600 ? [56, 690] : [44, 376];
      return { left: box.left + (box.width * left) / width, right: box.left + (box.width * right) / width };
    }

    function show() {
      const frame = charts.getBoundingClientRect();
      const { left, right } = plot();
      const seconds = share * length;
      const x = left + share * (right - left) - frame.left;
      hair.hidden = readout.hidden = false;
      hair.style.left = `${x}px`;
      const table = document.createElement("table");
      const caption = table.createCaption();
      caption.textContent = `${new Date(begin + 1000 * seconds).toISOString().slice(11, 19)} UTC`;
      for (const chart of exhibit.charts)
        for (const trace of chart.traces) {
          const value = at(trace, seconds);
          if (chart.stacked && !value) continue;
          cells(table.insertRow(), trace.name, written(value, chart.unit));
        }
      readout.replaceChildren(table);
      const beyond = x + readout.offsetWidth + 24 > frame.width;
      readout.style.left = `${beyond ? x - readout.offsetWidth - 12 : x + 12}px`;
      readout.style.top = `${charts.querySelector("figure").offsetTop + 12}px`;
    }

    function hide() {
      hair.hidden = readout.hidden = true;
    }

    charts.addEventListener("pointermove", (event) => {
      const { left, right } = plot();
      share = (event.clientX - left) / (right - left);
      if (share < 0 || share > 1) return hide();
      show();
    });
    charts.addEventListener("pointerleave", hide);
    charts.addEventListener("blur", hide);
    charts.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      share = Math.min(1, Math.max(0, share + (step * (event.shiftKey ? 10 : 1)) / Math.max(60, length)));
      show();
    });
  }

  const all = (root) => root.querySelectorAll('[data-part="charts"]').forEach(prepare);
  document.addEventListener("failonce:part", (event) => prepare(event.detail));
  all(document);
})();
