"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const fates = ["virtual", "shared", "refused"];
  const pageSize = 100, usesShown = 20, packagesShown = 15;
  const $ = id => document.getElementById(id);
  const body = document.querySelector("#list tbody");
  const open = new Set();
  let shown = data.vars, first = 0, order = null;
  data.vars.forEach((v, i) => { v.i = i; v.w ||= []; v.g ||= []; v.d ||= []; });

  // el makes an element; strings become text, so that nothing of the program is taken for markup.
  function el(tag, props, ...children) {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(props || {})) {
      if (k === "class") e.className = v; else if (k.startsWith("on")) e[k] = v; else e.setAttribute(k, v);
    }
    e.append(...children.filter(c => c != null));
    return e;
  }
  const num = n => n.toLocaleString("en-US");
  const file = p => data.files[data.places[p][0]];
  const where = p => file(p) + ":" + data.places[p][1];
  const source = p => data.places[p][2] ? el("code", {class: "src"}, data.places[p][2]) : null;

  // A variable's searchable text is made when it is first searched for.
  function text(v) {
    if (v.hay === undefined) {
      const parts = [data.packages[v.p] + "." + v.n, v.t || "", where(v.a), v.r];
      for (const s of v.c || []) parts.push(s[0]);
      for (const u of [...v.w, ...v.g, ...v.d]) parts.push(data.funcs[u[1]]);
      v.hay = parts.join("\n").toLowerCase();
    }
    return v.hay;
  }

  function row(v) {
    const id = "v" + v.i, isOpen = open.has(v);
    const button = el("button", {type: "button", class: "link mono", "aria-expanded": isOpen, "aria-controls": id}, v.n);
    const tr = el("tr", {class: isOpen ? "open" : ""},
      el("td", {class: "fate " + fates[v.f]}, fates[v.f]),
      el("th", {scope: "row", class: "name"}, button, v.t ? el("span", {class: "dim mono"}, " " + clip(v.t, 80)) : null,
        el("span", {class: "pkg dim"}, data.packages[v.p])),
      cell(v.s, "byte", v.k), cell(v.w.length, "write", v.k),
      cell(v.g.length, "address", v.k), cell(v.d.length, "read", v.k),
      el("td", {class: "reason"}, v.r));
    button.onclick = () => {
      if (open.delete(v)) {
        tr.nextSibling.remove();
      } else {
        open.add(v);
        tr.after(detail(v, id));
      }
      tr.className = open.has(v) ? "open" : "";
      button.setAttribute("aria-expanded", open.has(v));
    };
    return isOpen ? [tr, detail(v, id)] : [tr];
  }
  // Of a C variable nothing is counted.
  const cell = (n, unit, none) => none ? el("td") : el("td", {class: "n", "data-unit": n === 1 ? unit : unit + (unit.endsWith("s") ? "es" : "s")}, num(n));
  const clip = (s, n) => s.length > n ? s.slice(0, n) + "\u2026" : s;

  function detail(v, id) {
    const td = el("td", {colspan: 7});
    td.append(el("h3", {}, "Declared"), el("span", {class: "at mono"}, where(v.a)), source(v.a) || "");
    if (v.t && v.t.length > 80) td.append(el("h3", {}, "Type"), el("code", {class: "src"}, v.t));
    if (v.x) td.append(el("p", {class: "at"}, "In every image it starts as a copy of what the process\u2019s variable holds."));
    td.append(el("h3", {}, "Why it is " + fates[v.f]));
    td.append(el("ol", {}, ...(v.c || [[v.r, -1]]).map(([text, p]) =>
      el("li", {}, text, p < 0 ? null : el("span", {class: "at mono"}, " " + where(p)), p < 0 ? null : source(p)))));
    uses(td, "Written by", v.w);
    uses(td, "Address taken by", v.g);
    uses(td, "Read by", v.d);
    return el("tr", {class: "detail", id}, td);
  }

  function uses(td, title, list) {
    if (!list.length) return;
    const items = list.map(([p, f, through]) => () => el("li", {},
      el("span", {class: "mono"}, data.funcs[f]), " ", through ? el("span", {class: "how"}, "what it refers to") : null, " ",
      el("span", {class: "at mono"}, where(p)), source(p)));
    const ul = el("ul", {}, ...items.slice(0, usesShown).map(f => f()));
    td.append(el("h3", {}, title + " (" + num(list.length) + ")"), ul);
    if (items.length > usesShown) {
      const more = el("button", {type: "button"}, "Show the other " + num(items.length - usesShown));
      more.onclick = () => {
        const rest = items.slice(usesShown).map(f => f());
        ul.append(...rest);
        more.remove();
        rest[0].tabIndex = -1;
        rest[0].focus();
      };
      td.append(more);
    }
  }

  function render(all) {
    const from = all ? 0 : first, to = all ? shown.length : first + pageSize;
    const part = document.createDocumentFragment();
    for (const v of shown.slice(from, to)) part.append(...row(v));
    body.replaceChildren(part);
    $("count").textContent = shown.length === data.vars.length ? num(shown.length) : num(shown.length) + " of " + num(data.vars.length);
    $("none").hidden = shown.length > 0;
    $("list").hidden = shown.length === 0;
    $("pager").hidden = shown.length <= pageSize;
    $("page").textContent = num(from + 1) + "\u2013" + num(Math.min(to, shown.length)) + " of " + num(shown.length);
    $("prev").disabled = first === 0;
    $("next").disabled = to >= shown.length;
  }

  function filter() {
    const words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const on = fates.map(f => document.querySelector('[name=fate][value=' + f + ']').checked);
    const pkg = $("package").value === "" ? -1 : Number($("package").value);
    shown = data.vars.filter(v => on[v.f] && (pkg < 0 || v.p === pkg) && words.every(w => text(v).includes(w)));
    if (order) shown.sort(order);
    first = 0;
    render();
  }

  // Headings sort their table: once up, again down.
  function sortable(table, keys, apply, numeric) {
    for (const th of table.querySelectorAll("thead th[data-key]")) {
      th.dataset.label = th.textContent; // for paper, whose repeated headings show no buttons
      const button = el("button", {type: "button"}, th.textContent);
      th.replaceChildren(button);
      button.onclick = () => {
        const was = th.getAttribute("aria-sort");
        const down = was ? was === "ascending" : numeric.includes(th.dataset.key);
        table.querySelectorAll("th[aria-sort]").forEach(t => t.removeAttribute("aria-sort"));
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = keys(th.dataset.key);
        apply((a, b) => {
          const x = key(a), y = key(b);
          return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
        });
      };
    }
  }
  sortable($("list"), k => ({
    fate: v => v.f, name: v => v.n.toLowerCase(), size: v => v.s,
    writes: v => v.w.length, addresses: v => v.g.length, reads: v => v.d.length,
  })[k], by => { order = (a, b) => by(a, b) || a.i - b.i; filter(); }, ["size", "writes", "addresses", "reads"]);

  const packages = document.querySelector("#packages tbody");
  const numbers = ["virtual", "shared", "refused", "bytes"];
  let allPackages = false;
  function foldPackages(all) {
    allPackages = all;
    [...packages.rows].forEach((tr, i) => { tr.hidden = !all && i >= packagesShown; });
    $("all-packages").hidden = packages.rows.length <= packagesShown;
    $("all-packages").textContent = all ? "Show fewer packages" : "Show all " + num(packages.rows.length) + " packages";
  }
  sortable(document.querySelector("#packages table"), k => tr => numbers.includes(k) ? Number(tr.dataset[k]) : tr.dataset[k],
    by => { packages.append(...[...packages.rows].sort(by)); foldPackages(allPackages); }, numbers);
  $("all-packages").onclick = () => foldPackages(!allPackages);
  foldPackages(false);
  packages.onclick = e => {
    if (!e.target.closest("button")) return;
    $("package").value = String(data.packages.indexOf(e.target.closest("tr").dataset.path));
    filter();
    $("variables").scrollIntoView();
    $("package").focus({preventScroll: true});
  };

  const own = new Set(data.vars.map(v => v.p));
  data.packages.forEach((path, i) => { if (own.has(i)) $("package").append(el("option", {value: i}, path)); });
  $("filter").oninput = filter;
  $("filter").onsubmit = e => e.preventDefault();
  $("filter").onreset = () => setTimeout(filter);
  const turn = by => {
    first += by * pageSize;
    render();
    $("variables").scrollIntoView();
  };
  $("prev").onclick = () => turn(-1);
  $("next").onclick = () => turn(1);
  document.addEventListener("keydown", e => {
    if (e.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      e.preventDefault();
      $("q").focus();
      $("q").select();
    }
  });
  // Paper has no pages to turn and no rows to open: it gets all that the filter lets through.
  addEventListener("beforeprint", () => { render(true); [...packages.rows].forEach(tr => { tr.hidden = false; }); });
  addEventListener("afterprint", () => { render(); foldPackages(allPackages); });
  filter();
})();
