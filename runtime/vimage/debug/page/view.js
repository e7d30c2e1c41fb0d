'use strict';
// What the page is made of: elements for values, frames and images. All text goes
// through textContent.

export const $ = (selector, from = document) => from.querySelector(selector);

export const make = (tag, props = {}, ...children) => {
  const e = Object.assign(document.createElement(tag), props);
  e.append(...children);
  return e;
};

export const cell = (content, className = '') => make('td', {className}, content instanceof Node ? content : String(content));

export const plural = (n, word) => `${n.toLocaleString('en')} ${n === 1 ? word : word.endsWith('y') ? word.slice(0, -1) + 'ies' : word + 's'}`;

export const age = (s) => {
  for (const [n, unit] of [[86400, 'd'], [3600, 'h'], [60, 'm']]) if (s >= 2 * n) return Math.floor(s / n) + ' ' + unit;
  return s.toFixed(s < 10 ? 1 : 0) + ' s';
};

// What is folded and unfolded stays so when it is shown again, by its key, if it
// has one.
const folded = new Map();

// fold is a details element whose content is made when it is opened.
export const fold = (key, open, summary, content, className = '') => {
  const e = make('details', {className}, make('summary', {}, ...summary));
  let made = false;
  const fill = () => {
    if (made) return;
    made = true;
    e.append(...content());
  };
  e.open = (key && folded.get(key)) ?? open;
  if (e.open) fill();
  e.ontoggle = () => {
    if (key) folded.set(key, e.open);
    if (e.open) fill();
  };
  return e;
};

const briefLength = 100;

// brief spells what hangs on a value, for a line.
const brief = (n) => {
  let left = briefLength;
  const spell = (n) => {
    left -= n.text.length;
    if (!n.children) return n.text || (n.more ? '…' : '{}');
    const parts = [];
    for (const c of n.children) {
      if (left < 0) break;
      const name = /^\[\d+\]$/.test(c.name ?? '') && !n.type.startsWith('map[') ? '' : (c.name ?? '').replace(/^\./, '');
      left -= name.length + 2;
      parts.push((name ? name + ': ' : '') + spell(c));
    }
    const some = parts.length < n.children.length || n.more;
    return `${n.text}{${parts.join(', ')}${some ? ', …' : ''}}`;
  };
  const text = spell(n).slice(n.text.length);
  return text.length > briefLength ? text.slice(0, briefLength) + '…' : text;
};

const typeLength = 60;
const type = (text) => text.length <= typeLength ? make('span', {className: 'type'}, text) :
  make('span', {className: 'type', title: text}, text.slice(0, typeLength) + '…');

// The texts that were shown last, by key, to mark those that changed.
const texts = new Map();
let marking = false;

// mark says whether texts that changed since they were last shown are marked.
export const mark = (on) => { marking = on; };

const text = (key, t) => {
  const changed = marking && texts.has(key) && texts.get(key) !== t;
  texts.set(key, t);
  return make('span', {className: changed ? 'changed' : ''}, t);
};

// value shows a tree: a line, and what hangs on it, folded. More is called for
// what was not read.
export const value = (key, name, n, more) => {
  const head = [name, name ? ' ' : '', type(n.type)];
  if (n.text) head.push(' = ', text(key, n.text));
  const rest = (says) => more ? make('button', {type: 'button', className: 'link', onclick: more}, says) : make('span', {className: 'type'}, says);
  if (!n.children) {
    if (n.more) head.push(' ', rest(`${n.more.toLocaleString('en')} not read`));
    return make('div', {className: 'leaf'}, ...head);
  }
  const b = brief(n);
  head.push(' ', make('span', {className: 'brief'}, text(key + ' brief', b)));
  return fold(key, false, head, () => {
    const below = make('div', {className: 'tree'}, ...n.children.map((c) => value(key + (c.name ?? '*'), c.name ?? '', c, more)));
    if (n.more) below.append(make('div', {className: 'leaf'}, rest(`${n.more.toLocaleString('en')} more`)));
    return [below];
  });
};

// short cuts the path off a function's package: net/http.(*Server).Serve to http.(*Server).Serve.
export const short = (name) => name.slice(name.lastIndexOf('/', name.indexOf('[') < 0 ? undefined : name.indexOf('[')) + 1);

const frame = (f) => make('div', {}, f.func, ' ', make('span', {className: 'type'}, `${f.file}:${f.line}`));

// stack shows the goroutines that have one stack: where it stands outside of the
// runtime, then all of it.
export const stack = (key, g) => {
  const inner = /^(runtime|internal|sync|syscall|time|os|net|io|bufio)(\/[^.]*)?\./;
  const at = g.frames.find((f) => !inner.test(f.func)) ?? g.frames[0];
  const where = at ? `${short(at.func)} ${at.file.slice(at.file.lastIndexOf('/') + 1)}:${at.line}` : 'unknown';
  return fold(key, false, [make('span', {className: 'mono'}, where)], () => {
    const frames = g.frames.map(frame);
    if (g.creator) frames.push(make('div', {className: 'type'}, 'created by'), frame(g.creator));
    return [make('div', {className: 'tree'}, ...frames)];
  });
};
