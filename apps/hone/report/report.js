// Draws every series of the report: price, losses, drift and decisions on one time axis.
'use strict';

const escapeHtml = text => String(text).replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
const severities = ['none', 'low', 'medium', 'high', 'critical'];
const lanes = [
  ['activate', 'activated'], ['retrain', 'retrained'], ['reject', 'refused'], ['shadow', 'in shadow'], ['advance', 'canary'],
  ['promote', 'promoted'], ['roll_back', 'rolled back'], ['grant_licence', 'licence'], ['withdraw_licence', 'licence lost'],
  ['freeze', 'frozen'], ['alert', 'alert'],
];
const left = 118, right = 14, inset = 8;

function dayOf(seconds, withTime) {
  const text = new Date(seconds * 1000).toISOString();
  return withTime ? text.slice(0, 10) + ' ' + text.slice(11, 16) : text.slice(0, 10);
}

// Round values that cut [low, high] into about `count` steps.
function roundSteps(low, high, count) {
  const raw = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(m => m * power >= raw);
  const steps = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) steps.push(value);
  return steps;
}

// 1, 2 and 5 times the powers of ten; every octave when there are few of those.
function logSteps(low, high) {
  const steps = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; ++power) {
    for (const m of [1, 2, 5]) if (m * 10 ** power >= low && m * 10 ** power <= high) steps.push(m * 10 ** power);
  }
  return steps.length >= 2 ? steps : roundSteps(low, high, 4).filter(v => v > 0);
}

function timeSteps(from, to, count) {
  const day = 86400, span = to - from, steps = [];
  const years = span / (365.25 * day);
  if (years > count / 4) {
    const every = [1, 2, 5, 10, 20, 50, 100].find(n => years / n <= count) || 100;
    for (let year = Math.ceil(new Date(from * 1000).getUTCFullYear() / every) * every;; year += every) {
      const at = Date.UTC(year, 0, 1) / 1000;
      if (at > to) return steps;
      if (at >= from) steps.push([at, String(year)]);
    }
  }
  if (span > 3 * 28 * day) {
    const every = [1, 3, 6].find(n => years * 12 / n <= count) || 6;
    const first = new Date(from * 1000);
    for (let month = Math.ceil(first.getUTCMonth() / every) * every;; month += every) {
      const at = Date.UTC(first.getUTCFullYear(), month, 1) / 1000;
      if (at > to) return steps;
      if (at >= from) steps.push([at, dayOf(at).slice(0, 7)]);
    }
  }
  const unit = [60, 300, 900, 3600, 4 * 3600, day, 2 * day, 7 * day, 14 * day].find(n => span / n <= count) || 14 * day;
  for (let at = Math.ceil(from / unit) * unit; at <= to; at += unit) steps.push([at, dayOf(at, unit < day).slice(unit < day ? 11 : 5)]);
  return steps;
}

// Index of the last entry of ascending `times` at or before `at`, at least 0.
function indexAt(times, at) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= at) low = middle + 1; else high = middle;
  }
  return Math.max(0, low - 1);
}

// A line through points (x, y); null breaks it.
function path(count, xOf, yOf) {
  let d = '', pen = 'M';
  for (let i = 0; i < count; ++i) {
    const y = yOf(i);
    if (y === null || !isFinite(y)) { pen = 'M'; continue; }
    d += pen + xOf(i).toFixed(1) + ' ' + y.toFixed(1);
    pen = 'L';
  }
  return d;
}

const shapes = {
  activate: r => `<circle class="shape" r="${r}"/>`,
  promote: r => `<path class="shape" d="M0 ${-r - 1}L${r + 1} ${r}H${-r - 1}Z"/>`,
  roll_back: r => `<path class="shape" d="M0 ${r + 1}L${r + 1} ${-r}H${-r - 1}Z"/>`,
  reject: r => `<path class="shape" d="M${-r} ${-r + 2}l2-2L0 -2l${r - 2} ${-r + 2}l2 2L2 0l${r - 2} ${r - 2}l-2 2L0 2l${-r + 2} ${r - 2}l-2-2L-2 0Z"/>`,
};
const square = r => `<rect class="shape" x="${-r + 1}" y="${-r + 1}" width="${2 * r - 2}" height="${2 * r - 2}" rx="1.5"/>`;
const shapeOf = kind => (shapes[kind] || square)(5);

class Series {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.whole = [data.time[0], data.time[data.time.length - 1]];
    this.view = this.whole.slice();
    this.intraday = data.time.length > 1 && this.whole[1] - this.whole[0] < 43200 * data.time.length * data.stride;
    this.chart = root.querySelector('.chart');
    this.tip = root.querySelector('.tip');
    this.readout = root.querySelector('.readout');
    this.svg = this.chart.querySelector('svg');
    this.hidden = new Set(['versions']);
    this.decisions = [...root.querySelectorAll('.decisions li')].map((item, index) => ({
      item, index, at: Number(item.dataset.at), kind: item.dataset.kind, version: item.dataset.version,
    }));
    this.subjects = [...new Set(data.drift.map(e => this.subjectOf(e)))].sort();
    this.lanes = lanes.filter(([kind]) => this.decisions.some(d => d.kind === kind));
    this.colours = new Map();
    for (const reign of data.reigns) if (!this.colours.has(reign.version)) this.colours.set(reign.version, this.colours.size % 5);
    this.colours.set('persistence', 5);
    this.connect();
    this.draw();
  }

  subjectOf([, kind, subject]) { return kind === 'feature' ? subject : kind === 'prediction' ? '(answers)' : '(loss)'; }
  day(at) { return dayOf(at, this.intraday); }
  x(at) { return left + inset + (at - this.view[0]) / (this.view[1] - this.view[0]) * (this.width - left - right - 2 * inset); }
  timeAt(x) { return this.view[0] + (x - left - inset) / (this.width - left - right - 2 * inset) * (this.view[1] - this.view[0]); }

  connect() {
    this.root.querySelectorAll('[data-show]').forEach(button => button.addEventListener('click', () => {
      const name = button.dataset.show;
      if (!this.hidden.delete(name)) this.hidden.add(name);
      button.setAttribute('aria-pressed', String(!this.hidden.has(name)));
      this.draw();
    }));
    this.root.querySelectorAll('[data-view]').forEach(button => button.addEventListener('click', () => this.move(button.dataset.view)));
    this.svg.addEventListener('pointerdown', event => this.press(event));
    this.svg.addEventListener('pointermove', event => this.hover(event));
    this.svg.addEventListener('pointerup', event => this.release(event));
    this.svg.addEventListener('pointerleave', () => { this.tip.hidden = true; this.cursor(null); });
    this.svg.addEventListener('dblclick', () => this.move('all'));
    this.svg.addEventListener('focusin', event => this.tell(event.target.closest('.mark')));
    this.svg.addEventListener('focusout', () => { this.tip.hidden = true; });
    this.svg.addEventListener('keydown', event => this.key(event));
    this.decisions.forEach(decision => decision.item.querySelector('summary').addEventListener('click', () => this.pick(decision, false)));
    new ResizeObserver(() => { if (this.chart.clientWidth !== this.width) this.draw(); }).observe(this.chart);
  }

  move(how) {
    const [from, to] = this.view, span = to - from, middle = (from + to) / 2;
    const half = { in: span / 4, out: span, all: Infinity }[how];
    const shift = { earlier: -span / 2, later: span / 2 }[how] || 0;
    this.look(half === undefined ? [from + shift, to + shift] : [middle - half, middle + half]);
  }

  look([from, to]) {
    const [first, last] = this.whole;
    const span = Math.min(to - from, last - first);
    const least = (last - first) / this.data.time.length * 10;
    if (span < least) return;
    from = Math.min(Math.max(from, first), last - span);
    this.view = [from, from + span];
    this.draw();
  }

  visible() {
    const first = Math.max(0, indexAt(this.data.time, this.view[0]) - 1);
    const last = Math.min(this.data.time.length - 1, indexAt(this.data.time, this.view[1]) + 1);
    return [first, last];
  }

  draw() {
    this.width = Math.max(480, this.chart.clientWidth);
    this.top = 0;
    const parts = [this.price(), this.losses(), this.behind(), this.drift(), this.acts()];
    const axis = timeSteps(this.view[0], this.view[1], Math.floor(this.width / 80));
    const height = this.top + 20;
    const grid = axis.map(([at, text]) => `<line class="grid" x1="${this.x(at)}" x2="${this.x(at)}" y1="18" y2="${this.top}"/>` +
      `<text x="${this.x(at)}" y="${height - 5}" text-anchor="middle">${text}</text>`).join('');
    const clip = 'clip-' + this.root.id;
    this.svg.setAttribute('height', height);
    this.svg.setAttribute('viewBox', `0 0 ${this.width} ${height}`);
    this.svg.innerHTML = `<clipPath id="${clip}"><rect x="${left}" y="0" width="${this.width - left - right}" height="${height}"/></clipPath>` +
      grid + parts.map(p => p.frame).join('') + `<g clip-path="url(#${clip})">` + parts.map(p => p.inside).join('') +
      '<rect class="brush" y="0" height="' + this.top + '" width="0"/>' +
      `<line class="cursor" y1="18" y2="${this.top}" visibility="hidden"/></g>`;
    this.height = height;
    this.showPicked();
  }

  // Room for a panel: its title and where its inside begins and ends.
  panel(title, height) {
    const begin = this.top + 20, end = begin + height;
    this.top = end + 8;
    const frame = `<text class="title" x="${left}" y="${begin - 6}">${title}</text>` +
      `<line class="axis" x1="${left}" x2="${this.width - right}" y1="${end}" y2="${end}"/>`;
    return { begin, end, frame };
  }

  scale(panel, low, high, steps, show, map = v => v) {
    const a = map(low), b = map(high) === a ? a + 1 : map(high);
    const y = v => panel.end - 3 - (map(v) - a) / (b - a) * (panel.end - panel.begin - 8);
    const frame = steps.map(v => `<line class="grid" x1="${left}" x2="${this.width - right}" y1="${y(v)}" y2="${y(v)}"/>` +
      `<text x="${left - 8}" y="${y(v) + 4}" text-anchor="end">${show(v)}</text>`).join('');
    return { y, frame };
  }

  price() {
    const { time, close } = this.data, [first, last] = this.visible();
    const seen = close.slice(first, last + 1);
    const low = seen.reduce((a, b) => Math.min(a, b)), high = seen.reduce((a, b) => Math.max(a, b));
    const panel = this.panel('price (log scale), and which version was champion', 150);
    const strip = 15;
    const room = { begin: panel.begin, end: panel.end - strip - 2 };
    const { y, frame } = this.scale(room, low, high, logSteps(low, high), v => v.toLocaleString('en', { maximumSignificantDigits: 4 }), Math.log);
    const line = path(last - first + 1, i => this.x(time[first + i]), i => y(close[first + i]));
    const bands = this.data.reigns.map(reign => {
      const from = this.x(reign.from), to = this.x(reign.to), colour = this.colours.get(reign.version);
      const begin = Math.max(from, left), room = Math.min(to, this.width - right) - begin;
      const label = room > 7 * reign.version.length + 4 ? `<text class="reign" x="${begin + 4}" y="${panel.end - 4}">${escapeHtml(reign.version)}</text>` : '';
      const box = (top, height, opacity) => `<rect x="${from}" width="${Math.max(to - from, 1)}" y="${top}" height="${height}" style="fill:var(--reign-${colour});opacity:${opacity}"/>`;
      return box(panel.begin, panel.end - panel.begin - strip, .38) + box(panel.end - strip, strip, 1) + label;
    }).join('');
    const name = `<text x="${left - 8}" y="${panel.end - 4}" text-anchor="end">champion</text>`;
    return { frame: panel.frame + frame + name, inside: bands + `<path class="trace price" d="${line}"/>` };
  }

  losses() {
    const { time, policies, versions } = this.data, [first, last] = this.visible();
    const panel = this.panel('loss: root mean squared error over the last 63 rows (lower is better)', 220);
    const shown = policies.filter(p => !this.hidden.has(p.name));
    const lines = this.hidden.has('versions') ? [] : versions;
    let low = Infinity, high = 0;
    for (const policy of shown) {
      for (let i = first; i <= last; ++i) {
        if (policy.loss[i] === null) continue;
        low = Math.min(low, policy.loss[i]);
        high = Math.max(high, policy.loss[i]);
      }
    }
    if (!isFinite(low)) { low = 0; high = 1; }
    const bottom = low * .9, ceiling = high * 1.05;
    const { y, frame } = this.scale(panel, bottom, ceiling, roundSteps(bottom, ceiling, 5), v => (v / 1e4).toFixed(2));
    const draw = (loss, from, className, extra) => {
      const start = Math.max(first, from), end = Math.min(last, from + loss.length - 1);
      if (end < start) return '';
      const d = path(end - start + 1, i => this.x(time[start + i]), i => loss[start + i - from] === null ? null : Math.max(panel.begin, y(loss[start + i - from])));
      return `<path class="trace ${className}" ${extra || ''} d="${d}"/>`;
    };
    const inside = lines.map(v => draw(v.loss, v.from, 'version', `data-version="${escapeHtml(v.name)}"`)).join('') +
      shown.slice().reverse().map(p => draw(p.loss, 0, p.name)).join('');
    return { frame: panel.frame + frame, inside };
  }

  behind() {
    const { time, policies } = this.data, [first, last] = this.visible();
    const shown = policies.slice(1).filter(p => !this.hidden.has(p.name));
    const reach = list => {
      let low = 0, high = 0;
      for (const policy of list) {
        for (let i = first; i <= last; ++i) {
          low = Math.min(low, policy.behind[i]);
          high = Math.max(high, policy.behind[i]);
        }
      }
      return [low, high];
    };
    // Persistence would flatten all others; it may leave the panel.
    const others = shown.filter(p => p.name !== 'persistence');
    let [low, high] = reach(others.length ? others : shown);
    const leaves = others.length < shown.length && reach(shown)[1] > high * 2;
    if (!leaves) [low, high] = reach(shown);
    const panel = this.panel('squared error so far, less hone’s (above zero: hone has lost less' +
      (leaves && others.length ? '; persistence leaves the scale)' : ')'), 130);
    const { y, frame } = this.scale(panel, low, high || 1, roundSteps(low, high || 1, 4), v => (v / 100 || 0).toLocaleString('en'));
    const zero = `<line class="zero" x1="${left}" x2="${this.width - right}" y1="${y(0)}" y2="${y(0)}"/>`;
    const inside = shown.slice().reverse().map(p => `<path class="trace ${p.name}" d="${path(last - first + 1, i => this.x(time[first + i]), i => { const at = y(p.behind[first + i]); return at < panel.begin ? null : at; })}"/>`).join('');
    return { frame: panel.frame + frame + zero, inside };
  }

  drift() {
    const row = 15, panel = this.panel('drift: severity by what moved', Math.max(1, this.subjects.length) * row);
    const none = this.subjects.length ? '' : `<text x="${left + 4}" y="${panel.begin + 11}">none reported</text>`;
    const key = severities.slice(1).map((name, i) => `<g transform="translate(${left + 250 + 76 * i} ${panel.begin - 10})">` +
      `<rect x="-4" y="-4" width="8" height="8" rx="2" style="fill:var(--severity-${i + 1})"/><text x="8" y="4">${name}</text></g>`).join('');
    const names = this.subjects.map((name, i) => `<text x="${left - 8}" y="${panel.begin + row * i + 11}" text-anchor="end">` +
      `${escapeHtml(name.length > 17 ? name.slice(0, 16) + '…' : name)}<title>${escapeHtml(name)}</title></text>` +
      `<line class="grid" x1="${left}" x2="${this.width - right}" y1="${panel.begin + row * i + 7.5}" y2="${panel.begin + row * i + 7.5}"/>`).join('');
    const inside = this.data.drift.map((event, i) => {
      if (event[0] < this.view[0] || event[0] > this.view[1]) return '';
      const y = panel.begin + row * this.subjects.indexOf(this.subjectOf(event)) + 7.5;
      return `<rect class="drift" data-drift="${i}" x="${this.x(event[0]) - 2}" y="${y - 5}" width="4" height="10" rx="1" style="fill:var(--severity-${event[3]})"/>`;
    }).join('');
    return { frame: panel.frame + names + none + key, inside };
  }

  acts() {
    const row = 18, panel = this.panel('decisions', this.lanes.length * row);
    const names = this.lanes.map(([, word], i) => `<text x="${left - 8}" y="${panel.begin + row * i + 13}" text-anchor="end">${word}</text>` +
      `<line class="grid" x1="${left}" x2="${this.width - right}" y1="${panel.begin + row * i + 9}" y2="${panel.begin + row * i + 9}"/>`).join('');
    const marks = this.decisions.filter(d => d.at >= this.view[0] && d.at <= this.view[1]).map(d => {
      const y = panel.begin + row * this.lanes.findIndex(([kind]) => kind === d.kind) + 9, x = this.x(d.at);
      const big = ['activate', 'promote', 'roll_back', 'freeze'].includes(d.kind);
      const stem = big ? `<line class="stem ${d.kind}" x1="${x}" x2="${x}" y1="18" y2="${y}"/>` : '';
      const label = `${this.day(d.at)} ${this.lanes.find(([kind]) => kind === d.kind)[1]} ${d.version}`;
      return stem + `<g class="mark ${d.kind}" data-index="${d.index}" tabindex="0" role="button" aria-label="${escapeHtml(label)}" transform="translate(${x} ${y})">` +
        `<circle class="hit" r="9"/>${shapeOf(d.kind)}</g>`;
    }).join('');
    return { frame: panel.frame + names, inside: marks };
  }

  // Pointer.
  position(event) {
    const box = this.svg.getBoundingClientRect();
    return [(event.clientX - box.left) * this.width / box.width, (event.clientY - box.top) * this.height / box.height];
  }

  press(event) {
    if (event.button !== 0 || event.pointerType === 'touch' || event.target.closest('.mark')) return;
    this.from = this.position(event)[0];
    this.svg.setPointerCapture(event.pointerId);
  }

  release(event) {
    const mark = event.target.closest && event.target.closest('.mark');
    if (this.from === undefined) {
      if (mark) this.pick(this.decisions[mark.dataset.index], true);
      return;
    }
    const from = this.from, to = this.position(event)[0];
    this.from = undefined;
    this.svg.querySelector('.brush').setAttribute('width', 0);
    if (Math.abs(to - from) > 6) this.look([this.timeAt(Math.min(from, to)), this.timeAt(Math.max(from, to))]);
  }

  hover(event) {
    const [x, y] = this.position(event);
    if (this.from !== undefined) {
      const brush = this.svg.querySelector('.brush');
      brush.setAttribute('x', Math.min(x, this.from));
      brush.setAttribute('width', Math.abs(x - this.from));
    }
    this.cursor(x);
    const mark = event.target.closest('.mark'), drift = event.target.closest('.drift');
    if (mark) this.tell(mark);
    else if (drift) this.tellDrift(this.data.drift[drift.dataset.drift], x, y);
    else this.tip.hidden = true;
  }

  cursor(x) {
    const line = this.svg.querySelector('.cursor');
    if (x === null || x < left || x > this.width - right) {
      line.setAttribute('visibility', 'hidden');
      this.readout.textContent = this.readout.dataset.hint;
      return;
    }
    const { time, close, policies, reigns } = this.data;
    const i = indexAt(time, this.timeAt(x));
    line.setAttribute('visibility', 'visible');
    line.setAttribute('x1', x);
    line.setAttribute('x2', x);
    const reign = reigns.find(r => time[i] >= r.from && time[i] < r.to) || reigns[reigns.length - 1];
    this.readout.innerHTML = `<b>${this.day(time[i])}</b><span>close ${close[i]}</span>` + `<span>champion ${reign ? escapeHtml(reign.version) : ''}</span>` +
      policies.filter(p => !this.hidden.has(p.name) && p.loss[i] !== null)
        .map(p => `<span class="${p.name}">${p.name} ${(p.loss[i] / 1e4).toFixed(3)}</span>`).join('');
  }

  tell(mark) {
    if (!mark) return;
    const decision = this.decisions[mark.dataset.index], item = decision.item;
    const text = name => escapeHtml(item.querySelector(name).textContent);
    const [, x, y] = /translate\(([^ ]+) ([^)]+)\)/.exec(mark.getAttribute('transform'));
    this.showTip(`<b>${text('time')} ${text('.word')} ${text('.version')}</b><br>${text('.reason')}<pre>${text('pre')}</pre>`, Number(x), Number(y));
  }

  tellDrift(event, x, y) {
    const [at, kind, , severity, method, effect, p, version] = event;
    const number = v => v === null ? 'unknown' : Number(v.toPrecision(3));
    this.showTip(`<b>${this.day(at)} ${severities[severity]} drift of ${escapeHtml(this.subjectOf(event))}</b><br>${kind}, ${escapeHtml(method)}: effect ` +
      `${number(effect)}, p ${number(p)}` + (version ? `, champion ${escapeHtml(version)}` : ''), x, y);
  }

  showTip(html, x, y) {
    this.tip.innerHTML = html;
    this.tip.hidden = false;
    const box = this.svg.getBoundingClientRect(), unit = box.width / this.width;
    const goesLeft = x * unit + this.tip.offsetWidth + 20 > box.width;
    const sideways = goesLeft ? x * unit - this.tip.offsetWidth - 14 : x * unit + 14;
    this.tip.style.left = Math.max(0, sideways) + 'px';
    this.tip.style.top = Math.max(0, y * unit - this.tip.offsetHeight - 8) + 'px';
  }

  // Decisions: Enter opens one in the list, the arrows go to the one before or after.
  key(event) {
    const mark = event.target.closest('.mark');
    if (!mark) return;
    if (event.key === 'Enter' || event.key === ' ') this.pick(this.decisions[mark.dataset.index], true);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      const next = Number(mark.dataset.index) + (event.key === 'ArrowRight' ? 1 : -1);
      const target = this.svg.querySelector(`.mark[data-index="${next}"]`);
      if (target) target.focus();
    } else return;
    event.preventDefault();
  }

  pick(decision, open) {
    this.picked = decision;
    if (open) {
      const list = decision.item.parentElement;
      decision.item.querySelector('details').open = true;
      list.scrollTop = decision.item.offsetTop - list.offsetTop - 40;
      list.scrollIntoView({ block: 'nearest' });
    } else if (decision.at < this.view[0] || decision.at > this.view[1]) this.look(this.whole);
    this.showPicked();
  }

  showPicked() {
    if (!this.picked) return;
    this.root.querySelectorAll('.picked').forEach(element => element.classList.remove('picked'));
    this.picked.item.classList.add('picked');
    const mark = this.svg.querySelector(`.mark[data-index="${this.picked.index}"]`);
    if (mark) mark.classList.add('picked');
    this.svg.querySelectorAll('.trace.version').forEach(line => {
      if (line.dataset.version === this.picked.version) line.classList.add('picked');
    });
  }
}

const series = JSON.parse(document.getElementById('series').textContent);
document.querySelectorAll('section[data-series]').forEach((root, index) => new Series(root, series[index]));
