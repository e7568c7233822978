"use strict";
(function () {
  const $ = id => document.getElementById(id);
  const legend = JSON.parse($("legend").textContent), words = legend.words, signs = legend.signs;
  const step = 100, printed = 1000;
  let rows = [];
  const state = { outcome: "", search: "", sort: "file" };
  let shown = [], drawn = 0;
  const say = (key, values) => (words[key] || key).replace(/\{(\w+)\}/g, (all, name) => values && name in values ? values[name] : all);

  // el makes an element; text is only ever set as text.
  function el(name, attributes, ...children) {
    const e = document.createElement(name);
    for (const key in attributes || {}) if (attributes[key] != null) e.setAttribute(key, attributes[key]);
    for (const child of children.flat()) if (child != null && child !== "") e.append(child);
    return e;
  }
  function badge(outcome, words) {
    return el("span", { class: "badge o-" + outcome }, el("span", { class: "sign", "aria-hidden": "true" }, signs[outcome]), words || say("outcome." + outcome));
  }
  function end(outcome, mayBe) {
    return [badge(outcome), mayBe ? el("span", { class: "open" }, say("page.may_be", { outcome: say("outcome." + mayBe) })) : null];
  }
  const text = x => typeof x === "number" ? legend.strings[x] : x; // what many lines say stands in the legend once
  const plain = (fact, raw) => raw ? legend.texts[fact + "=" + raw] || raw : "";
  const label = fact => legend.facts[fact] || fact;
  const norm = ref => legend.norms[ref] || { name: ref, cite: ref };
  const list = items => el("ul", { class: "plain" }, items.map(x => el("li", null, x)));

  // marked is the description with the words in it from which facts were read.
  function marked(row) {
    const said = row.d || "", spans = [];
    for (const w of row.w || []) for (let at = said.indexOf(w); at >= 0; at = said.indexOf(w, at + w.length)) spans.push([at, at + w.length]);
    spans.sort((a, b) => a[0] - b[0]);
    const p = el("p", { class: "said" });
    let at = 0;
    for (const [from, to] of spans) {
      if (to <= at) continue;
      p.append(said.slice(at, Math.max(at, from)), el("mark", null, said.slice(Math.max(at, from), to)));
      at = to;
    }
    p.append(said.slice(at));
    return p;
  }
  function cite(ref) {
    const n = norm(ref);
    const links = (n.links || []).map((url, i) => [" ", el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, say("page.source") + (i ? " " + (i + 1) : ""))]);
    return el("p", null, n.cite, ...links);
  }
  function because(reasons) {
    const columns = ["fact", "found", "source", "test", "holds"].map(k => say("page." + k));
    const head = columns.map(k => el("th", { scope: "col" }, k));
    const cell = (n, attributes, ...content) => el("td", Object.assign({ "data-k": columns[n] }, attributes), ...content);
    const body = reasons.map(b => el("tr", null,
      cell(0, null, label(b.f)),
      cell(1, null, b.v ? plain(b.f, b.v) : say("page.not_known")),
      cell(2, null, b.s ? say("source." + b.s) : "", b.w && b.s !== "column" ? " “" + b.w + "”" : ""),
      cell(3, null, plain(b.f, b.t)),
      cell(4, { class: b.h }, { yes: "✓ ", no: "✕ ", unknown: "? " }[b.h], say("truth." + b.h))));
    return el("table", null, el("thead", null, el("tr", null, head)), el("tbody", null, body));
  }
  function requirement(r) {
    const n = norm(r.n);
    return el("div", { class: "norm" },
      el("p", { class: "name" }, r.c ? r.c + " " : "", n.name),
      el("p", null, r.s === "in_force" ? badge(r.e) : badge(r.s === "not_established" ? r.s : "suspended", say("standing." + r.s)), " ",
        el("span", { class: "open" }, [say("layer." + r.l), say("page.certainty." + r.h)].concat(r.s === "in_force" ? [] : say("page.demands", { outcome: say("outcome." + r.e) })).join(" · "))),
      cite(r.n), r.i ? el("p", { class: "if" }, say("page.if", { standing: say("standing." + r.s), outcome: say("outcome." + r.i) }), r.y ? " " + text(r.y) : "") : null,
      r.b ? because(r.b) : null);
  }
  function ask(a) {
    const leads = (a.l || []).map(l => el("li", null, el("span", null, l.a + " →"), end(l.o, l.m)));
    return el("li", null, el("p", { class: "q" }, text(a.q)), a.w ? el("p", { class: "soft" }, text(a.w)) : null, leads.length ? el("ul", { class: "leads" }, leads) : null);
  }
  function timeline(row) {
    let now = 0;
    row.t.forEach((t, i) => { if (!t.on || t.on <= row.on) now = i; });
    return el("ol", { class: "line" }, row.t.map((t, i) => el("li", { class: "o-" + t.o + (i === now ? " now" : "") },
      t.on ? el("time", { datetime: t.on }, t.on) : el("time", null, say("page.before")), end(t.o, t.m),
      t.by ? el("span", { class: "open" }, legend.acts[t.by] || t.by) : null, i === now ? el("strong", { class: "open" }, say("page.now", { day: row.on })) : null)));
  }
  function given(row) {
    const facts = [["hs", row.hs], ["composition", row.co], ["supplier", row.su], ["from", row.fr], ["destination", row.to], ["shipment", row.sh], ["day", row.on]].filter(f => f[1]);
    for (const x of row.x || []) facts.push([x.name, x.value]);
    return el("dl", { class: "facts" }, facts.map(f => el("div", null, el("dt", null, words["page.given." + f[0]] || f[0]), el("dd", null, f[1]))));
  }

  // detail is all that is to be said of a line.
  function detail(row) {
    const box = el("div", { class: "detail" });
    const part = (key, ...content) => box.append(el("h4", null, say("page." + key)), ...content);
    if (row.d && (row.w || row.d.length > 90)) box.append(marked(row));
    if (row.pr) { box.append(el("p", { class: "warn" }, row.pr)); return box; }
    box.append(given(row));
    if (row.r) part("reasons", ...row.r.map(requirement)); else part("reasons", el("p", null, say("page.no_reasons")));
    if (row.a) part("questions", el("ol", { class: "asks" }, row.a.map(ask)), row.ml ? el("p", { class: "soft" }, say("page.together", { answers: row.ml })) : "");
    if (row.t) part("timeline", timeline(row));
    if (row.ne) part("near", list(row.ne.map(x => norm(x.n).name + " (" + norm(x.n).cite + "): " + (x.x ? text(x.t) : label(x.f) + " " + plain(x.f, x.t) + (x.v ? " — " + say("page.here", { value: plain(x.f, x.v) }) : "")))));
    if (row.du) part("duties", list(row.du.map(x => say("duty." + x.k) + " (" + norm(x.n).cite + ")" + (x.s ? ": " + x.s : ""))));
    if (row.pa) part("parties", list(row.pa.map(x => x.n + ": " + x.l + ", " + say("standing." + x.s) + " (" + x.a + ")")));
    if (row.ss) part("shares", list(row.ss.map(x => norm(x.n).name + ": " + x.low + " – " + x.high + " (" + x.t + ")")));
    if (row.li) part("licence_held", list([(row.li.no || "–") + ": " + say(row.li.fits ? "page.fits" : "page.misses")].concat(row.li.misses || [])));
    if (row.ga) part("not_assessed", list(row.ga.map(text)));
    if (row.no) part("notes", list(row.no.map(text)));
    if (row.wa) part("warnings", list(row.wa));
    return box;
  }
  function draw(row, open) {
    const id = "line-" + row.k, outcome = row.o || "refused";
    const button = el("button", { type: "button", "aria-expanded": "false", "aria-controls": id },
      el("span", { class: "id" }, row.id || String(row.n)), el("span", { class: "goods" }, row.d || row.pr || ""),
      el("span", { class: "ends" }, end(outcome, row.m)),
      el("span", { class: "next" }, row.ch ? say("page.changes", { day: row.ch }) : ""));
    const item = el("li", { class: "row o-" + outcome }, el("h3", null, button), el("div", { id: id, hidden: "" }));
    const toggle = to => {
      const box = item.lastChild;
      if (to && !box.firstChild) box.append(detail(row));
      box.hidden = !to;
      button.setAttribute("aria-expanded", String(to));
    };
    button.addEventListener("click", () => toggle(item.lastChild.hidden));
    item.toggle = toggle;
    if (open) toggle(true);
    return item;
  }

  const keys = row => row.key || (row.key = [row.id, row.d, row.su, row.hs, row.co, row.to, row.sh, row.pr].concat((row.r || []).flatMap(r => [r.n, r.c, norm(r.n).name, norm(r.n).cite]),
    (row.ne || []).map(x => norm(x.n).name)).filter(Boolean).join("\n").toLowerCase());
  const rank = row => signs.order.indexOf(row.m || row.o || "refused");
  const order = {
    file: (a, b) => a.k - b.k, severe: (a, b) => rank(a) - rank(b) || a.k - b.k, id: (a, b) => String(a.id).localeCompare(String(b.id), undefined, { numeric: true }) || a.k - b.k,
    next: (a, b) => (a.ch || "9999").localeCompare(b.ch || "9999") || a.k - b.k, asks: (a, b) => (b.a || []).length - (a.a || []).length || a.k - b.k,
  };
  function more(to) {
    const page = document.createDocumentFragment();
    for (const last = Math.min(shown.length, to); drawn < last; drawn++) page.append(draw(shown[drawn], false));
    $("rows").append(page);
    $("more").hidden = drawn >= shown.length;
  }
  function select() {
    const wanted = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    shown = rows.filter(row => (!state.outcome || (row.o || "refused") === state.outcome) && wanted.every(w => keys(row).includes(w)));
    if (state.sort !== "file") shown = shown.slice().sort(order[state.sort]);
    drawn = 0;
    $("rows").replaceChildren();
    $("count").textContent = say("page.count", { n: shown.length.toLocaleString(), all: rows.length.toLocaleString() });
    $("empty").hidden = shown.length > 0;
    $("empty").textContent = say(rows.length ? "page.none_match" : "page.no_lines");
    for (const b of $("tiles").querySelectorAll("button")) b.setAttribute("aria-pressed", String(b.dataset.outcome === state.outcome));
    more(step);
  }
  function search(text) { $("search").value = state.search = text; select(); }

  // Paper: all lines that are selected, opened, up to a bound.
  let before = null;
  addEventListener("beforeprint", () => {
    before = drawn;
    more(printed);
    for (const item of $("rows").children) item.toggle(true);
    if (shown.length > printed) $("count").textContent = say("page.print_left", { n: printed, all: shown.length });
  });
  addEventListener("afterprint", () => { if (before !== null) { before = null; select(); } });

  try {
    rows = JSON.parse("[" + $("data").textContent + "]");
  } catch (e) {
    $("empty").textContent = say("page.broken");
    $("empty").hidden = false;
    return;
  }
  rows.forEach((row, i) => { row.k = i; });
  $("data").remove();
  let timer = 0;
  $("search").addEventListener("input", e => { clearTimeout(timer); timer = setTimeout(() => { state.search = e.target.value; select(); }, 120); });
  $("sort").addEventListener("change", e => { state.sort = e.target.value; select(); });
  $("clear").addEventListener("click", () => { state.outcome = ""; state.sort = $("sort").value = "file"; search(""); $("search").focus(); });
  $("tiles").addEventListener("click", e => {
    const b = e.target.closest("button");
    if (b) { state.outcome = state.outcome === b.dataset.outcome ? "" : b.dataset.outcome; select(); }
  });
  document.addEventListener("click", e => { if (e.target.matches(".pick")) { search(e.target.dataset.search); $("lines").scrollIntoView(); } });
  $("more").addEventListener("click", () => more(drawn + step));
  new IntersectionObserver(seen => { if (seen.some(s => s.isIntersecting)) more(drawn + step); }, { rootMargin: "600px" }).observe($("more"));
  select();
  document.documentElement.dataset.ready = "yes";
})();
