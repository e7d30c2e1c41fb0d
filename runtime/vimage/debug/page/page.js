'use strict';
// The page: it asks the handler for JSON and shows it.
import {$, age, cell, fold, make, mark, plural, short, stack, value} from './view.js';

const problem = (text) => {
  $('#error').textContent = text;
  $('#error').hidden = !text;
};
const ask = async (path, options) => {
  const r = await fetch(path, options);
  if (!r.ok) throw new Error((await r.text()).trim());
  return r.json();
};
const query = (o) => new URLSearchParams(Object.entries(o).flatMap(([k, v]) => [v].flat().map((v) => [k, v])));
const tried = (f) => async (...args) => {
  try {
    await f(...args);
    problem('');
  } catch (e) {
    problem(e.message);
  }
};

// once calls f if what is given is something else than at the last time, so that
// what did not change stays as it is on the page.
const last = new Map();
const once = (name, given, f) => {
  const text = JSON.stringify(given);
  if (last.get(name) === text) return;
  last.set(name, text);
  f();
};

// --- the list of images

let images = [], chosen = null, compared = [];

const nameOf = (id) => images.find((im) => im.id === id)?.name ?? String(id);
const choose = (id) => make('button', {className: 'link', type: 'button', onclick: () => { location.hash = id; }}, nameOf(id));

const isOver = (im) => im.state === 'closed' || im.state === 'exited';

// who names images, or says how many they are.
const who = (ids) => {
  if (ids.length === images.length && ids.length > 1) return make('span', {className: 'dim'}, 'all images');
  const few = 4;
  const names = ids.slice(0, few).flatMap((id, i) => i ? [', ', choose(id)] : [choose(id)]);
  if (ids.length > few) names.push(make('span', {className: 'dim', title: ids.map(nameOf).join(', ')}, ` and ${ids.length - few} more`));
  return make('span', {}, ...names);
};

const row = (im) => {
  const name = make('td', {}, choose(im.id));
  if (im.id === 0) name.append(make('span', {className: 'dim'}, ' image 0'));
  const box = make('input', {type: 'checkbox', checked: compared.includes(im.id), ariaLabel: 'compare ' + im.name});
  box.onchange = () => {
    compared = compared.filter((id) => id !== im.id);
    if (box.checked) compared.push(im.id);
    $('#compare').disabled = compared.length !== 2;
  };
  const over = isOver(im);
  const parent = im.parent === null ? cell('') : cell(choose(im.parent));
  const e = make('tr', {className: (im.id === chosen ? 'chosen' : '') + (im.error ? ' noted' : '')}, cell(im.id, 'n'), name,
    cell(im.error ? 'Close failed' : im.state, im.error ? 'bad' : ''), cell(age(im.age), 'n'), parent, cell(im.goroutines.toLocaleString('en'), 'n'),
    cell(im.bytes.toLocaleString('en'), 'n'), cell(im.packages, 'n'), make('td', {}, over ? '' : box));
  if (!im.error) return [e];
  return [e, make('tr', {className: 'note'}, cell(''), make('td', {colSpan: 8}, im.error))];
};

const showImages = () => {
  const word = $('#images-filter').value.toLowerCase();
  const shown = images.filter((im) => `${im.id} ${im.name} ${im.error ? 'close failed' : im.state}`.toLowerCase().includes(word));
  const most = 100; // that are over: see mostOver
  $('#more').hidden = images.filter(isOver).length < most;
  const sum = (what) => cell(shown.reduce((n, im) => n + im[what], 0).toLocaleString('en'), 'n');
  $('#which').hidden = images.length < 10;
  $('#images tbody').replaceChildren(...shown.flatMap(row));
  $('#images tfoot').replaceChildren(make('tr', {}, cell(''), make('td', {colSpan: 4}, plural(shown.length, 'image')),
    sum('goroutines'), sum('bytes'), cell(''), cell('')));
  $('#compare').disabled = compared.length !== 2;
};

const list = async () => {
  images = await ask('images');
  compared = compared.filter((id) => images.some((im) => im.id === id));
  showImages();
};

// --- one image

const bounds = (s) => {
  if (s.oneof) return ' ' + s.oneof.join(' | ');
  if (s.min && s.max) return ` ${s.min} to ${s.max}`;
  if (s.min) return ` from ${s.min}`;
  return s.max ? ` up to ${s.max}` : '';
};

const setting = (id, s, writable) => {
  if (!writable || !s.writable) return make('td', {className: 'mono'}, String(s.value));
  const options = s.oneof ?? (s.type === 'bool' ? ['false', 'true'] : null);
  const input = options ?
    make('select', {}, ...options.map((o) => make('option', {selected: o === String(s.value)}, o))) :
    make('input', {type: 'text', value: String(s.value)});
  input.ariaLabel = s.name;
  const said = make('span', {role: 'status'});
  const form = make('form', {className: 'set'}, input, make('button', {}, 'Set'), said);
  form.onsubmit = async (e) => {
    e.preventDefault();
    const r = await fetch(`image/${id}/sysctl/${encodeURIComponent(s.name)}`, {method: 'PUT', body: JSON.stringify({value: input.value})});
    const answer = r.headers.get('Content-Type')?.startsWith('application/json') ? await r.json() : {error: (await r.text()).trim()};
    said.className = r.ok ? 'good' : 'bad';
    said.textContent = r.ok ? 'set' : answer.error;
    if (r.ok) input.value = String(answer.value);
  };
  return make('td', {}, form);
};

// Packages whose variables were asked for, and variables that are read deeper
// than others, by package and name.
const opened = new Set();
const deeper = new Map();
let iterate = false; // read entries of maps where that has a risk, once

// found reports whether the filter lets a package's variable through.
const word = () => $('#filter').value.toLowerCase();
const found = (p, name) => `${p.path}.${name}`.toLowerCase().includes(word());

// packageView shows a package. Its variables are asked for when it is opened.
let rendering = false, missing = false;
const packageView = (open) => (p) => {
  const head = [p.path, ' ', make('span', {className: 'dim'}, `${plural(p.names.length, 'variable')}, ${plural(p.bytes, 'byte')}`)];
  return fold(word() ? null : 'package ' + p.path, open || p.own, head, () => {
    if (p.variables === null) {
      opened.add(p.path);
      missing = true;
      if (!rendering) refresh();
      return [make('div', {className: 'tree dim'}, 'reading…')];
    }
    return [make('div', {className: 'tree'}, ...p.variables.filter((v) => found(p, v.name)).map((v) => {
      const id = p.path + '.' + v.name;
      const more = () => {
        const was = deeper.get(id) ?? {depth: 4, children: 100};
        deeper.set(id, {package: p.path, variable: v.name, depth: Math.min(was.depth + 4, 20), children: Math.min(was.children * 10, 10000)});
        refresh();
      };
      return value(`variable ${id}`, v.name, v.value, more);
    }))];
  }, 'package');
};

// merge puts what was read of some packages and variables among the others.
const merge = (packages, more) => {
  for (const p of more) {
    const to = packages.find((q) => q.path === p.path);
    if (!to) continue;
    to.variables ??= [];
    for (const v of p.variables) {
      const i = to.variables.findIndex((w) => w.name === v.name);
      to.variables[i < 0 ? to.variables.length : i] = v;
    }
  }
};

// variables shows packages. If a filter leaves few, they are open.
const few = 10;
const variables = (all) => {
  const packages = all.filter((p) => p.names.some((name) => found(p, name)));
  const open = word() !== '' && packages.length <= few;
  const own = packages.filter((p) => p.own), others = packages.filter((p) => !p.own && !p.std), std = packages.filter((p) => p.std);
  const group = (name, list, unfolded) => list.length === 0 ? [] : [fold(word() ? null : 'group ' + name, open || unfolded,
    [name, ' ', make('span', {className: 'dim'}, plural(list.length, 'package'))], () => list.map(packageView(open)), 'group')];
  rendering = true;
  missing = false;
  $('#variables').replaceChildren(...own.map(packageView(open)), ...group('Other modules', others, own.length === 0), ...group('Standard library', std, false));
  rendering = false;
  if (packages.length === 0) $('#variables').replaceChildren(make('p', {className: 'dim'}, 'There is none.'));
  if (missing) refresh();
};
let shown = []; // packages

const goroutines = async (id) => {
  const groups = await ask(`image/${id}/stacks`);
  once('goroutines', [id, groups], () => {
    const n = groups.reduce((n, g) => n + g.count, 0);
    const rows = groups.map((g, i) => make('tr', {}, cell(g.count, 'n'), cell(g.state ?? ''), cell(g.minutes ? g.minutes + ' min' : '', 'n'),
      cell(stack(`stack ${i} ${g.frames[0]?.func}`, g))));
    const head = make('tr', {}, make('th', {className: 'n'}, 'Count'), make('th', {}, 'State'), make('th', {className: 'n'}, 'Waits for'), make('th', {}, 'Where'));
    $('#goroutines .body').replaceChildren(
      make('p', {className: 'dim'}, `${plural(n, 'goroutine')}, ${plural(groups.length, 'stack')}. `, make('a', {href: `image/${id}/goroutines`}, 'as text')),
      n === 0 ? '' : make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows)));
  });
};

const detail = async () => {
  const id = chosen;
  $('#image').hidden = id === null;
  if (id === null) return;
  const options = iterate ? {method: 'POST'} : {};
  const params = iterate ? {maps: 'iterate'} : {};
  iterate = false;
  const d = await ask(`image/${id}?` + query({...params, read: 'own'}), options);
  if (opened.size > 0) merge(d.list, (await ask(`image/${id}?` + query({...params, package: [...opened]}), options)).list);
  for (const q of deeper.values()) {
    if (d.list.find((p) => p.path === q.package)?.variables) merge(d.list, (await ask(`image/${id}?` + query({...params, ...q}), options)).list);
  }
  if (id !== chosen) return; // another one was chosen meanwhile
  const over = isOver(d);
  if (over && last.get('over') !== id) $('#goroutines').open = true;
  last.set('over', over ? id : null);
  $('#image h2').textContent = `Image ${d.id}` + (d.name === String(d.id) ? '' : `, ${d.name}`);
  const focus = '^' + d.name.replace(/[^\w\/-]/gu, '.') + '$'; // a regular expression, for a shell
  $('#image .about').replaceChildren(...(over ?
    [make('span', {className: 'bad'}, d.error ?? 'It has ended, by os.Exit, a panic, or the return of main.'), ' It has no variables any more. Below are the goroutines that are left.'] :
    [make('span', {className: 'dim'}, 'Profile: '), make('code', {}, `go tool pprof -tagfocus='vimage=${focus}' ${new URL('profile', location.href)}`)]));
  $('#goroutines .count').textContent = plural(d.goroutines, 'goroutine');
  if ($('#goroutines').open) await goroutines(id);
  $('#sysctls .count').textContent = d.sysctls.length ? plural(d.sysctls.length, 'sysctl') : 'none';
  if (!$('#sysctls').contains(document.activeElement)) {
    once('sysctls', [id, d.sysctls], () => $('#sysctls tbody').replaceChildren(...d.sysctls.map((s) => make('tr', {}, make('td', {className: 'mono'}, s.name),
      setting(d.id, s, d.writable), cell(s.type + bounds(s)), cell(s.description)))));
  }
  $('#maps').hidden = d.maps || over;
  shown = d.list;
  once('variables', [id, d.list, word()], () => variables(shown));
};

// --- two images, and all

const compare = async () => {
  const [a, b] = compared;
  const changes = await ask('diff?' + query({a, b}));
  $('#diff').hidden = false;
  $('#diff h2').textContent = `${nameOf(a)} and ${nameOf(b)}`;
  $('#diff .said').textContent = changes.length ? '' : 'No variable differs.';
  once('diff', [a, b, changes], () => {
    const side = (c, line, tree, which) => cell(tree ? value(`diff ${which} ${c.package}.${c.variable}${c.path}`, '', tree) : line, 'mono');
    const line = (c) => make('tr', {}, cell(`${c.package}.${c.variable}${c.path}`, 'mono'), side(c, c.a, c.aTree, 'a'), side(c, c.b, c.bTree, 'b'));
    const body = (list) => make('tbody', {}, ...list.map(line));
    // A variable that differs in many places is a line, which unfolds.
    const variable = (list) => {
      if (list.length <= 5) return list.map(line);
      const name = `${list[0].package}.${list[0].variable}`;
      const many = fold('diff ' + name, false, [make('span', {className: 'mono'}, name), ' ', make('span', {className: 'dim'}, plural(list.length, 'difference'))],
        () => [make('table', {}, body(list))]);
      return [make('tr', {}, make('td', {colSpan: 3}, many))];
    };
    const table = (list) => make('div', {className: 'scroll'}, make('table', {className: 'sides'},
      make('thead', {}, make('tr', {}, ...['Variable', nameOf(a), nameOf(b)].map((t) => make('th', {scope: 'col'}, t)))),
      make('tbody', {}, ...[...Map.groupBy(list, (c) => `${c.package}.${c.variable}`).values()].flatMap(variable))));
    const std = changes.filter((c) => c.std), others = changes.filter((c) => !c.std);
    $('#diff .tables').replaceChildren(others.length ? table(others) : '', std.length ?
      fold('diff std', others.length === 0, ['Standard library ', make('span', {className: 'dim'}, plural(std.length, 'difference'))], () => [table(std)], 'group') : '');
  });
};

const search = async () => {
  const word = $('#word').value.trim();
  const f = await ask('search?' + query({q: word, ...($('#in-values').checked ? {values: 1} : {}), ...($('#in-std').checked ? {std: 1} : {})}));
  $('#search').hidden = false;
  $('#search h2').textContent = `Variables with ${word}`;
  $('#search .said').textContent = f.matches.length === 0 ? 'There is none.' : f.more ? `${f.more} more are not shown.` : '';
  $('#search table').hidden = f.matches.length === 0;
  once('search', [word, f, images.map((im) => im.name)], () => $('#search tbody').replaceChildren(...f.matches.map((m) => {
    const name = `${m.package}.${m.variable}`;
    const one = (v, i) => make('div', {className: 'value'}, value(`search ${name} ${i}`, '', v.tree), make('span', {className: 'who'}, who(v.images)));
    const first = 6;
    const values = m.values.slice(0, first).map(one), rest = m.values.slice(first);
    if (rest.length) values.push(fold('search rest ' + name, false, [`${rest.length} more values`], () => rest.map((v, i) => one(v, first + i))));
    const totals = (m.totals ?? []).map((t) => make('div', {}, t.path ? t.path.slice(1) + ' ' : '', make('b', {}, t.sum)));
    return make('tr', {}, cell(name, 'mono'), make('td', {className: 'mono'}, ...values), make('td', {className: 'mono'}, ...totals));
  })));
};

const cpu = async () => {
  const seconds = $('#seconds').value, said = $('#cpu .said');
  $('#cpu').hidden = false;
  said.textContent = `Sampling for ${seconds} s…`;
  $('#cpu-form button').disabled = true;
  try {
    const c = await ask('cpu?' + query({seconds}));
    said.textContent = `${c.busy.toFixed(2)} s of CPU time in ${c.seconds.toFixed(1)} s.` + (c.images.length ? '' : ' No sample was taken: the process was idle.');
    $('#cpu table').hidden = c.images.length === 0;
    $('#cpu tbody').replaceChildren(...c.images.map((im) => {
      const share = im.seconds / c.busy;
      const bar = make('div', {className: 'share'});
      bar.style.width = 100 * im.seconds / c.images[0].seconds + '%';
      const [top] = im.top;
      const functions = fold('cpu ' + im.name, false, [make('span', {className: 'mono'}, top ? short(top.func) : '')], () => [make('table', {},
        make('thead', {}, make('tr', {}, ...['With library', 'Itself', 'With all calls'].map((t) => make('th', {className: 'n'}, t)), make('th', {}, 'Function'))),
        make('tbody', {}, ...im.top.map((t) => make('tr', {}, cell(t.near.toFixed(2) + ' s', 'n'), cell(t.self.toFixed(2) + ' s', 'n'), cell(t.all.toFixed(2) + ' s', 'n'), cell(t.func, 'mono')))))]);
      return make('tr', {}, cell(im.name ? (im.ids.length ? who(im.ids) : im.name) : make('span', {className: 'dim'}, 'no image: the runtime')),
        cell(im.seconds.toFixed(2) + ' s', 'n'), cell((100 * share).toFixed(0) + ' %', 'n'), cell(bar, 'wide'), cell(functions));
    }));
  } finally {
    $('#cpu-form button').disabled = false;
    if (said.textContent.endsWith('…')) said.textContent = '';
  }
};

// --- when what is asked for

let busy = null;
const everything = tried(async () => {
  await list();
  await detail();
  if (!$('#diff').hidden && compared.length === 2) await compare();
  if (!$('#search').hidden) await search();
});

// refresh shows everything again, one call at a time.
const refresh = () => {
  busy = (busy ?? Promise.resolve()).then(everything);
  return busy;
};

const fromHash = () => {
  chosen = /^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : null;
  mark(false); // another image's values are no changes
  return refresh().then(() => mark($('#live').checked));
};

let timer = null;
const live = () => {
  clearTimeout(timer);
  mark($('#live').checked);
  if (!$('#live').checked) return;
  timer = setTimeout(async () => {
    if (!document.hidden) await refresh();
    live();
  }, 1000 * $('#interval').value);
};

const submitted = (f) => (e) => {
  e.preventDefault();
  tried(f)();
};
$('#live').onchange = live;
$('#interval').onchange = live;
$('#reload').onclick = refresh;
$('#images-filter').oninput = showImages;
$('#compare').onclick = async () => {
  await tried(compare)();
  $('#diff').scrollIntoView({block: 'nearest'});
};
$('#search-form').onsubmit = submitted(search);
$('#cpu-form').onsubmit = submitted(cpu);
$('#goroutines').ontoggle = () => { if ($('#goroutines').open && chosen !== null) tried(goroutines)(chosen); };
$('#filter').oninput = () => variables(shown);
$('#maps button').onclick = () => {
  if (!confirm('If the program writes a map at the moment that it is read, Go ends the whole process, with all images. Read them?')) return;
  iterate = true;
  refresh();
};
addEventListener('hashchange', async () => {
  await fromHash();
  $('#image').scrollIntoView({block: 'nearest'});
});
fromHash();

// A program that serves package runtime/alias/aliashttp too has a page for it.
fetch('aliases?format=json').then((r) => { $('#aliases').hidden = !r.ok; }, () => {});
