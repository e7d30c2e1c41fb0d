'use strict';
// The page: it asks the handler for JSON and shows it. All text goes through textContent.
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const make = (tag, props = {}, ...children) => {
    const e = Object.assign(document.createElement(tag), props);
    e.append(...children);
    return e;
  };
  const cell = (text, className = '') => make('td', {className}, String(text));

  const problem = (text) => {
    $('#error').textContent = text;
    $('#error').hidden = !text;
  };
  const get = async (path) => {
    const r = await fetch(path);
    if (!r.ok) throw new Error((await r.text()).trim());
    return r.json();
  };
  const tried = (f) => async (...args) => {
    problem('');
    try {
      await f(...args);
    } catch (e) {
      problem(e.message);
    }
  };

  const age = (s) => {
    const parts = [[86400, 'd'], [3600, 'h'], [60, 'm']];
    for (const [n, unit] of parts) if (s >= 2 * n) return Math.floor(s / n) + ' ' + unit;
    return s.toFixed(s < 10 ? 1 : 0) + ' s';
  };

  let images = [], chosen = null, compared = [];

  const list = tried(async () => {
    images = await get('images');
    const names = new Map(images.map((im) => [im.id, im.name]));
    compared = compared.filter((id) => names.has(id));
    $('#images tbody').replaceChildren(...images.map((im) => {
      const show = make('button', {className: 'link', type: 'button', onclick: () => { location.hash = im.id; }}, im.name);
      const box = make('input', {type: 'checkbox', checked: compared.includes(im.id), ariaLabel: 'compare ' + im.name});
      box.onchange = () => {
        compared = compared.filter((id) => id !== im.id);
        if (box.checked) compared.push(im.id);
        $('#compare').disabled = compared.length !== 2;
      };
      const parent = im.parent === null ? '' : (names.get(im.parent) ?? im.parent);
      return make('tr', {className: im.id === chosen ? 'chosen' : ''}, cell(im.id, 'n'), make('td', {}, show), cell(im.state),
        cell(age(im.age), 'n'), cell(parent), cell(im.goroutines, 'n'), cell(im.bytes.toLocaleString('en'), 'n'), cell(im.packages, 'n'),
        make('td', {}, box));
    }));
    $('#compare').disabled = compared.length !== 2;
  });

  // node shows a value: a line, and what hangs on it.
  const node = (name, n) => {
    const head = [name, ' ', make('span', {className: 'type'}, n.type), n.text ? ' = ' + n.text : ''];
    if (!n.children && !n.more) return make('div', {className: 'leaf'}, ...head);
    if (!n.children) return make('div', {className: 'leaf'}, ...head, make('span', {className: 'type'}, ` (${n.more} not read)`));
    const below = make('div', {className: 'tree'}, ...n.children.map((c) => node(c.name ?? '', c)));
    if (n.more) below.append(make('div', {className: 'leaf type'}, `and ${n.more} more`));
    return make('details', {}, make('summary', {}, ...head), below);
  };

  const bounds = (s) => {
    if (s.oneof) return ' ' + s.oneof.join(' | ');
    if (s.min && s.max) return ` ${s.min} to ${s.max}`;
    if (s.min) return ` from ${s.min}`;
    return s.max ? ` up to ${s.max}` : '';
  };

  const value = (id, s, writable) => {
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

  const filter = () => {
    const word = $('#filter').value.toLowerCase();
    for (const pkg of $('#variables').children) {
      let any = false;
      for (const v of pkg.lastChild.children) {
        v.hidden = !(pkg.dataset.path + '.' + v.dataset.name).toLowerCase().includes(word);
        any ||= !v.hidden;
      }
      pkg.hidden = !any;
      if (word) pkg.open = any;
    }
  };

  const show = tried(async () => {
    chosen = location.hash === '' ? null : Number(location.hash.slice(1));
    $('#image').hidden = chosen === null;
    await list();
    if (chosen === null) return;
    const d = await get(`image/${chosen}?depth=${encodeURIComponent($('#depth').value)}`);
    $('#image h2').textContent = 'Image ' + d.name;
    const focus = '^' + d.name.replace(/[^\w\/-]/gu, '.') + '$'; // a regular expression, for a shell
    $('#image .links').replaceChildren(make('a', {href: `image/${d.id}/goroutines`}, 'stacks of its goroutines'), ' · ',
      make('code', {}, `go tool pprof -tagfocus='vimage=${focus}' ${new URL('profile', location.href)}`));
    $('#image .none').hidden = d.sysctls.length > 0;
    $('#sysctls').hidden = d.sysctls.length === 0;
    $('#sysctls tbody').replaceChildren(...d.sysctls.map((s) => make('tr', {}, make('td', {className: 'mono'}, s.name),
      value(d.id, s, d.writable), cell(s.type + bounds(s)), cell(s.description))));
    $('#maps').hidden = d.maps;
    $('#variables').replaceChildren(...d.list.map((p) => {
      const below = make('div', {className: 'tree'}, ...p.variables.map((v) => {
        const e = node(v.name, v.value);
        e.dataset.name = v.name;
        return e;
      }));
      const e = make('details', {open: !p.std && d.list.length < 30},
        make('summary', {}, `${p.path} `, make('span', {className: 'type dim'}, `${p.variables.length} variable${p.variables.length === 1 ? '' : 's'}, ${p.bytes} bytes`)), below);
      e.dataset.path = p.path;
      return e;
    }));
    filter();
  });

  const compare = tried(async () => {
    const [a, b] = compared.map((id) => images.find((im) => im.id === id));
    const changes = await get(`diff?a=${a.id}&b=${b.id}&depth=${encodeURIComponent($('#depth').value)}`);
    const e = $('#diff');
    e.hidden = false;
    $('h2', e).textContent = `${a.name} and ${b.name}`;
    $('.a', e).textContent = a.name;
    $('.b', e).textContent = b.name;
    $('.none', e).hidden = changes.length > 0;
    $('table', e).hidden = changes.length === 0;
    $('tbody', e).replaceChildren(...changes.map((c) =>
      make('tr', {}, make('td', {className: 'mono'}, `${c.package}.${c.variable}${c.path}`), cell(c.a, 'mono'), cell(c.b, 'mono'))));
    e.scrollIntoView({block: 'nearest'});
  });

  $('#compare').onclick = compare;
  $('#reload').onclick = show;
  $('#filter').oninput = filter;
  $('#depth').onchange = show;
  addEventListener('hashchange', show);
  show();
})();
