// Draws the table of orders as it comes into view, and filters it. Whatever the data
// holds is shown by textContent and nothing else, so it can't become markup.
"use strict";
(() => {
  const source = document.getElementById("data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  source.remove(); // its text is not needed a second time
  const texts = data.texts, total = data.number.length;
  const form = document.getElementById("filters"), table = document.getElementById("table");
  const search = document.getElementById("search"), count = document.getElementById("count");
  const choices = ["kind", "source", "carrier", "found"].map(id => document.getElementById(id));
  const [kind, marketplace, carrier, found] = choices;
  const clear = form.querySelector("button");

  const CHUNK = 50; // rows that are drawn together
  const MOST_PRINTED = 2000;
  const title = document.querySelector('label[for="kind"]').textContent;
  const columns = [title, "Order", "Carrier", "Tracking number", table.dataset.when, "Notes", "Where"];

  const element = (tag, className, text) => {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const number = n => n.toLocaleString("en-US");

  // What is searched: everything that a row shows, in lower case. It is made when it is
  // needed, and the page is there before.
  let words = null;
  const searchable = () => {
    if (words) return words;
    const lower = texts.map(t => t.toLowerCase());
    const sets = data.sets.map(set => set.map(n => lower[n]).join(" "));
    words = new Array(total);
    for (let i = 0; i < total; i++) {
      words[i] = lower[data.source[i]] + " " + data.number[i].toLowerCase() + " " + data.parcel[i].toLowerCase() + " " + lower[data.was[i]] + " " +
        lower[data.carrier[i]] + " " + lower[data.kind[i]] + " " + lower[data.action[i]] + " " + lower[data.shipped[i]] + " " + lower[data.note[i]] + " " +
        lower[data.block[i]] + " " + sets[data.found[i]] + " " + lower[data.file[i]] + ":" + data.line[i];
    }
    return words;
  };

  // The rows that are chosen, by their numbers.
  let rows = Int32Array.from({ length: total }, (_, i) => i);
  const chosen = () => {
    const one = select => select.value === "" ? -1 : texts.indexOf(select.value);
    const k = one(kind), m = one(marketplace), c = one(carrier);
    let block = -1, sets = null;
    const value = texts.indexOf(found.value.slice(2));
    if (found.value.startsWith("b:")) block = value;
    if (found.value.startsWith("f:")) sets = data.sets.map(set => set.includes(value));
    const parts = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = parts.length ? searchable() : null;
    const out = new Int32Array(total);
    let n = 0;
    for (let i = 0; i < total; i++) {
      if (k >= 0 && data.kind[i] !== k || m >= 0 && data.source[i] !== m || c >= 0 && data.carrier[i] !== c ||
        block >= 0 && data.block[i] !== block || sets && !sets[data.found[i]]) continue;
      if (all && !parts.every(p => all[i].includes(p))) continue;
      out[n++] = i;
    }
    return out.slice(0, n);
  };

  const cell = (row, className, column) => {
    const e = element("div", className);
    e.setAttribute("role", "cell");
    e.setAttribute("aria-colindex", column);
    row.append(e);
    return e;
  };
  const foreign = (className, text) => element("bdi", className, text);

  const draw = at => {
    const i = rows[at], row = element("div", "row");
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", at + 2); // the head is the first
    row.dataset.at = at;
    row.tabIndex = at === current ? 0 : -1;
    const what = cell(row, "kind", 1);
    what.append(element("span", "chip " + data.tones[data.kind[i]], texts[data.kind[i]]));
    const action = texts[data.action[i]];
    if (action && action !== texts[data.kind[i]]) what.append(" ", element("span", "muted", action));
    const order = cell(row, "order", 2);
    order.append(foreign("source", texts[data.source[i]]), " ", foreign("number", data.number[i]));
    cell(row, "carrier", 3).append(foreign("", texts[data.carrier[i]]));
    const parcel = cell(row, "parcel", 4);
    if (data.was[i]) parcel.append(element("del", "number", texts[data.was[i]]), " → ");
    if (data.parcel[i]) parcel.append(foreign("number", data.parcel[i]));
    cell(row, "shipped", 5).append(texts[data.shipped[i]]);
    const notes = cell(row, "notes", 6);
    for (const rule of data.sets[data.found[i]]) notes.append(element("span", "rule", texts[rule]), " ");
    if (data.note[i]) notes.append(foreign("", texts[data.note[i]]));
    const place = cell(row, "place", 7), file = texts[data.file[i]];
    if (file) {
      const text = file + ":" + data.line[i], page = data.pages[data.file[i]];
      if (page && /^https?:\/\//.test(page)) {
        const a = element("a", "", text);
        a.href = page + data.line[i];
        a.rel = "noreferrer noopener";
        place.append(a);
      } else {
        place.append(foreign("", text));
      }
    }
    for (const c of row.children) if (!c.firstChild) c.classList.add("empty");
    return row;
  };

  // The body is in chunks. One that is out of sight is as high as its rows were, or as
  // rows are on average.
  const body = element("div", "body");
  body.setAttribute("role", "rowgroup");
  let chunks = [], current = 0, rowHeight = 0, printing = false;
  const fill = chunk => {
    if (chunk.drawn) return;
    chunk.drawn = true;
    const part = document.createDocumentFragment();
    for (let at = chunk.first; at < chunk.end; at++) part.append(draw(at));
    chunk.box.append(part);
    chunk.box.style.height = "";
  };
  const empty = chunk => {
    if (!chunk.drawn || printing || chunk.first <= current && current < chunk.end) return;
    const height = chunk.box.getBoundingClientRect().height;
    if (height > 0) rowHeight = height / (chunk.end - chunk.first);
    chunk.drawn = false;
    chunk.box.replaceChildren();
    chunk.box.style.height = height + "px";
  };
  const sight = new IntersectionObserver(entries => {
    for (const e of entries) {
      const chunk = chunks[e.target.dataset.chunk];
      if (chunk && chunk.box === e.target) (e.isIntersecting ? fill : empty)(chunk);
    }
  }, { rootMargin: "1200px 0px" });

  const show = () => {
    sight.disconnect();
    current = 0;
    chunks = [];
    const part = document.createDocumentFragment();
    for (let first = 0; first < rows.length; first += CHUNK) {
      const box = element("div", "chunk"), chunk = { box, first, end: Math.min(first + CHUNK, rows.length), drawn: false };
      box.setAttribute("role", "none");
      box.dataset.chunk = chunks.length;
      chunks.push(chunk);
      part.append(box);
    }
    if (chunks.length) fill(chunks[0]);
    body.replaceChildren(part);
    if (chunks.length) {
      const height = chunks[0].box.getBoundingClientRect().height;
      if (height > 0) rowHeight = height / (chunks[0].end - chunks[0].first);
    }
    for (const chunk of chunks) {
      if (!chunk.drawn) chunk.box.style.height = rowHeight * (chunk.end - chunk.first) + "px";
      sight.observe(chunk.box);
    }
    table.setAttribute("aria-rowcount", rows.length + 1);
    none.hidden = rows.length > 0;
    tooMany.textContent = rows.length > MOST_PRINTED ? "The first " + number(MOST_PRINTED) + " of " + number(rows.length) + " orders are printed." : "";
    const narrowed = rows.length < total;
    count.textContent = (narrowed ? number(rows.length) + " of " : "") + number(total) + (total === 1 ? " order" : " orders");
    clear.hidden = !search.value && choices.every(c => !c.value);
  };
  const filter = () => {
    rows = chosen();
    show();
  };

  // Rows are one stop of the Tab key; arrows move between them.
  const focusRow = at => {
    at = Math.max(0, Math.min(rows.length - 1, at));
    const before = body.querySelector('.row[tabindex="0"]');
    if (before) before.tabIndex = -1;
    current = at;
    const chunk = chunks[Math.floor(at / CHUNK)];
    fill(chunk);
    const row = chunk.box.children[at - chunk.first];
    row.tabIndex = 0;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
  body.addEventListener("keydown", e => {
    const row = e.target.closest(".row"), step = steps[e.key];
    if (!row || e.ctrlKey || e.metaKey || e.altKey) return;
    if (step) focusRow(Number(row.dataset.at) + step);
    else if (e.key === "/") search.focus(); // only from here: a key alone must do nothing elsewhere
    else return;
    e.preventDefault();
  });
  body.addEventListener("focusin", e => {
    const row = e.target.closest(".row");
    if (!row || Number(row.dataset.at) === current) return;
    const before = body.querySelector('.row[tabindex="0"]');
    if (before) before.tabIndex = -1;
    current = Number(row.dataset.at);
    row.tabIndex = 0;
  });

  form.addEventListener("input", filter);
  form.addEventListener("submit", e => e.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { filter(); search.focus(); }));
  document.addEventListener("click", e => {
    const link = e.target.closest("a[data-filter]");
    if (!link) return;
    form.reset();
    const select = document.getElementById(link.dataset.filter);
    select.value = link.dataset.value;
    if (select.selectedIndex < 0) select.value = "";
    filter();
  });

  // Paper has no sight to come into.
  addEventListener("beforeprint", () => {
    printing = true;
    for (const chunk of chunks) if (chunk.first < MOST_PRINTED) fill(chunk);
    for (const chunk of chunks) chunk.box.hidden = chunk.first >= MOST_PRINTED;
  });
  addEventListener("afterprint", () => {
    printing = false;
    for (const chunk of chunks) chunk.box.hidden = false;
  });

  if (!data.file.some(Boolean)) table.classList.add("unplaced"); // nothing is defined in a file
  table.setAttribute("role", "table");
  table.setAttribute("aria-label", "All orders");
  table.setAttribute("aria-colcount", columns.length);
  const head = element("div", "head"), names = element("div", "row");
  head.setAttribute("role", "rowgroup");
  names.setAttribute("role", "row");
  names.setAttribute("aria-rowindex", 1);
  columns.forEach((name, i) => {
    const e = element("div", "", name);
    e.setAttribute("role", "columnheader");
    e.setAttribute("aria-colindex", i + 1);
    names.append(e);
  });
  head.append(names);
  table.append(head, body);
  const none = element("p", "none", "No order matches these filters."), tooMany = element("p", "printed", "");
  none.hidden = true;
  table.after(none, tooMany);
  form.hidden = false;
  // The head stays below the filters while rows pass.
  new ResizeObserver(() => document.documentElement.style.setProperty("--filters", form.offsetHeight + "px")).observe(form);
  show();
  document.documentElement.dataset.ready = Math.round(performance.now()); // since the page was asked for
  setTimeout(searchable);
})();
