// The call drawn: a waveform a channel, turns, overlaps, interruptions, holds, dead air, evidence, loop, playhead.
// Only what is in view is drawn, so three hours cost what a minute does.
import { clock } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const RULER = 18;
const EVIDENCE = 12;
const ROW = 9; // of turns
const EVENTS = 22;
const CLOSEST = 5; // seconds in view at the closest zoom
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const ROLES = ["agent", "customer"];

function draw(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Waveform extends EventTarget {
  constructor(box, data, text) {
    super();
    this.box = box;
    this.width = box.querySelector(".wave-width");
    this.data = data;
    this.text = text;
    this.factor = 1;
    this.loop = null;
    this.peaks = null;
    this.lanes = lanesOf(data);
    this.height = RULER + EVIDENCE + this.lanes.reduce((sum, lane) => sum + lane.height + lane.rows.length * (ROW + 3) + 4, 0) + EVENTS;
    this.content = draw("g");
    this.loopMark = draw("g");
    this.head = draw("g", {}, draw("line", { class: "playhead", y1: RULER - 4, y2: this.height }), draw("circle", { class: "playhead-knob", cy: RULER - 4, r: 4 }));
    this.svg = draw("svg", { class: "drawn", height: this.height, "aria-hidden": "true" }, patterns(), this.content, this.loopMark, this.head);
    this.width.append(this.svg);
    this.time = 0;
    this.byHand = false;
    new ResizeObserver(() => this.#layout()).observe(box);
    box.addEventListener("scroll", () => this.#redraw());
    for (const name of ["wheel", "touchmove", "pointerdown"]) box.addEventListener(name, () => { this.byHand = true; }, { passive: true });
    box.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#pointer();
    this.#layout();
  }

  // ---- what the page tells it ----

  setPeaks(body, channels, perSecond) {
    const steps = Math.floor(body.length / channels);
    this.peaks = { perSecond, channels: Array.from({ length: channels }, (_, n) => body.subarray(n * steps, (n + 1) * steps)) };
    const loudest = body.reduce((most, value) => Math.max(most, value), 1);
    this.gain = 1 / Math.max(40, loudest);
    this.#redraw();
  }

  setTime(time, playing) {
    this.time = time;
    this.#place();
    if (!playing || this.byHand || this.factor === 1) return;
    const x = this.#x(time);
    if (x > this.view * 0.9 || x < 0) this.#scrollTo(time - 0.1 * this.seconds);
  }

  setLoop(loop) {
    this.loop = loop;
    this.#place();
  }

  /** Bring a second into view, and go on from there by itself. */
  reveal(time) {
    this.byHand = false;
    const x = this.#x(time);
    if (x < 0 || x > this.view) this.#scrollTo(time - 0.3 * this.seconds);
  }

  zoom(by, around) {
    const most = Math.max(1, this.data.duration / CLOSEST);
    const x = this.#x(around);
    this.factor = Math.min(most, Math.max(1, this.factor * by));
    this.#layout();
    const keep = x >= 0 && x <= this.view ? x : this.view / 2;
    this.box.scrollLeft = (around / this.data.duration) * this.view * this.factor - keep;
    this.#redraw();
  }

  // ---- geometry ----

  get view() { return this.box.clientWidth || 1; }
  get seconds() { return this.data.duration / this.factor; } // in view
  get from() { return (this.box.scrollLeft / (this.view * this.factor)) * this.data.duration; }
  #x(time) { return ((time - this.from) / this.seconds) * this.view; }
  #at(event) {
    const x = event.clientX - this.svg.getBoundingClientRect().left;
    return Math.min(this.data.duration, Math.max(0, this.from + (x / this.view) * this.seconds));
  }
  #scrollTo(time) { this.box.scrollLeft = (time / this.data.duration) * this.view * this.factor; }

  #layout() {
    this.width.style.width = `${this.view * this.factor}px`;
    this.svg.setAttribute("width", this.view);
    this.#redraw();
  }

  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.25 : 0.8, this.#at(event));
  }

  /** A click goes there; dragging with a mouse marks a loop; a triangle of evidence is played. */
  #pointer() {
    let down = null;
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "touch" && event.button === 0) down = { time: this.#at(event), x: event.clientX };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (down && Math.abs(event.clientX - down.x) > 5) {
        this.svg.setPointerCapture(event.pointerId);
        this.#drawLoop(order(down.time, this.#at(event)));
      }
    });
    this.svg.addEventListener("pointerup", (event) => {
      const dragged = down && Math.abs(event.clientX - down.x) > 5 ? order(down.time, this.#at(event)) : null;
      down = null;
      if (dragged && dragged.end - dragged.start >= 0.3) this.#tell("select", dragged);
      else if (dragged) this.#place();
    });
    let last = 0;
    this.svg.addEventListener("pointerdown", (event) => { last = event.clientX; });
    this.svg.addEventListener("click", (event) => {
      if (Math.abs(event.clientX - last) > 5) return;
      const place = event.target.closest("[data-start]");
      if (place) this.#tell("hear", { start: Number(place.dataset.start), end: Number(place.dataset.end) });
      else this.#tell("seek", { time: this.#at(event) });
    });
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  // ---- drawing ----

  #redraw() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => {
      this.due = 0;
      this.content.replaceChildren(...this.#ruler(), ...this.#bands(), ...this.#drawnLanes(), ...this.#evidence(), ...this.#events());
      this.#place();
    });
  }

  #place() {
    this.head.setAttribute("transform", `translate(${this.#x(this.time).toFixed(1)} 0)`);
    this.#drawLoop(this.loop);
  }

  #drawLoop(loop) {
    if (!loop) return this.loopMark.replaceChildren();
    const [left, right] = [this.#x(loop.start), this.#x(loop.end)];
    this.loopMark.replaceChildren(
      draw("rect", { class: "loop-span", x: left, y: RULER, width: Math.max(1, right - left), height: this.height - RULER }),
      ...[left, right].map((x) => draw("line", { class: "loop-edge", x1: x, x2: x, y1: RULER, y2: this.height })),
    );
  }

  /** The items that lie in view, with their left and right edges. */
  *#visible(items) {
    for (const item of items) {
      const left = this.#x(item.start);
      const right = this.#x(item.end);
      if (right >= 0 && left <= this.view) yield { item, left: Math.max(-20, left), right: Math.min(this.view + 20, right) };
    }
  }

  *#ruler() {
    const step = STEPS.find((one) => (one / this.seconds) * this.view >= 64) ?? 7200;
    for (let time = Math.ceil(this.from / step) * step; time <= this.from + this.seconds; time += step) {
      const x = this.#x(time);
      yield draw("line", { class: "tick", x1: x, x2: x, y1: RULER - 4, y2: RULER });
      if (x < this.view - 30) yield draw("text", { class: "tick-text", x: x + 3, y: 12 }, clock(time));
    }
  }

  *#bands() {
    const names = { hold: this.text.kindHold, dead_air: this.text.kindDeadAir };
    const height = this.height - RULER - EVIDENCE - EVENTS;
    for (const { item, left, right } of this.#visible(this.data.events.filter((event) => event.kind in names))) {
      const label = names[item.kind];
      yield draw("rect", { class: `mark-${item.kind}`, x: left, y: RULER + EVIDENCE, width: Math.max(3, right - left), height }, title(label, item));
      const y = RULER + EVIDENCE + 12;
      if (right - left > 4) yield draw("text", { class: "band-text", x: Math.max(2, left + 3), y }, fits(label, right - left));
    }
  }

  *#drawnLanes() {
    let y = RULER + EVIDENCE;
    for (const lane of this.lanes) {
      const middle = y + lane.height / 2;
      yield draw("line", { class: "middle", x1: 0, x2: this.view, y1: middle, y2: middle });
      const shape = this.#shape(lane.channel, middle, lane.height / 2 - 3);
      if (shape) yield draw("path", { class: `sound-${lane.role}`, d: shape });
      if (lane.named) yield draw("text", { class: `lane-text of-${lane.role}`, x: 4, y: y + 12 }, this.#role(lane.role));
      y += lane.height;
      for (const belongs of lane.rows) {
        for (const { item, left, right } of this.#visible(this.data.turns.filter(belongs))) {
          yield draw("rect", { class: `turn-${item.role}`, x: left, y: y + 1, width: Math.max(2, right - left), height: ROW, rx: 2 }, title(this.#role(item.role), item));
        }
        y += ROW + 3;
      }
      y += 4;
    }
  }

  /** A channel as one outline: the loudest step of each pixel, above and below the middle. */
  #shape(channel, middle, half) {
    const steps = this.peaks?.channels[channel];
    if (!steps) return null;
    const each = (this.seconds / this.view) * this.peaks.perSecond; // steps a pixel
    const first = this.from * this.peaks.perSecond;
    const above = [];
    const below = [];
    for (let x = 0; x <= this.view; x += 1) {
      const begin = Math.floor(first + x * each);
      const end = Math.max(begin + 1, Math.floor(first + (x + 1) * each));
      let loudest = 0;
      for (let n = begin; n < end && n < steps.length; n += 1) loudest = Math.max(loudest, steps[n]);
      const reach = Math.max(0.4, half * (loudest * this.gain) ** 0.75);
      above.push(`${x} ${(middle - reach).toFixed(1)}`);
      below.push(`${x} ${(middle + reach).toFixed(1)}`);
    }
    return `M${above.join("L")}L${below.reverse().join("L")}Z`;
  }

  *#evidence() {
    const top = RULER + 1;
    for (const { item, left } of this.#visible(this.data.evidence)) {
      const mark = draw("path", { class: "mark-evidence", "data-outcome": item.outcome, "data-start": item.start, "data-end": item.end, d: `M${left - 5} ${top}h10l-5 9z` });
      mark.append(draw("title", {}, `${clock(item.start)} ${item.words}`));
      yield mark;
    }
  }

  *#events() {
    const y = this.height - EVENTS + 2;
    const names = { overlap: this.text.kindOverlap, interruption: this.text.kindInterruption };
    const of = (kind) => [...this.#visible(this.data.events.filter((event) => event.kind === kind))];
    const [overlaps, interruptions] = [of("overlap"), of("interruption")];
    const label = ({ kind, confirmed }) => (confirmed || kind === "overlap" ? names[kind] : `${names[kind]} (${this.text.sayUnconfirmed})`);
    for (const { item, left, right } of overlaps) {
      yield draw("rect", { class: "mark-overlap", x: left, y: y - 2, width: Math.max(3, right - left), height: 6 }, title(label(item), item));
    }
    for (const { item, left } of interruptions) {
      yield draw("path", { class: `mark-interruption${item.confirmed ? "" : " unconfirmed"}`, d: `M${left} ${y + 5}v-9h9l-3 4.5 3 4.5z` }, title(label(item), item));
    }
    const written = [];
    for (const { item, left } of [...interruptions, ...overlaps]) {
      const at = { left, right: left + 12 * label(item).length };
      if (written.some((other) => at.left < other.right && other.left < at.right)) continue;
      written.push(at);
      yield draw("text", { class: "event-text", x: Math.max(2, left), y: y + 16 }, label(item));
    }
  }

  #role(role) { return this.text[`role${role[0].toUpperCase()}${role.slice(1)}`]; }
}

/** Stereo: a lane a channel with its turns below; mono: one lane, and a row of turns for each party. */
function lanesOf(data) {
  if (data.channels === 2 && new Set(data.channel_roles).size === 2) {
    return data.channel_roles.map((role, channel) => ({ channel, role, rows: [(turn) => turn.channel === channel], height: 52, named: true }));
  }
  const rows = ROLES.map((role) => (turn) => turn.role === role);
  const stranger = (turn) => !ROLES.includes(turn.role);
  if (data.turns.some(stranger)) rows.push(stranger);
  const channels = Math.max(1, data.channels);
  return Array.from({ length: channels }, (_, channel) => {
    const last = channel === channels - 1;
    return { channel, role: "unknown", rows: last ? rows : [], height: channels === 2 ? 40 : 72, named: false };
  });
}

function order(one, other) { return { start: Math.min(one, other), end: Math.max(one, other) }; }
function title(label, span) { return draw("title", {}, `${label} ${clock(span.start)}–${clock(span.end)}`); }
function fits(label, width) { return label.length * (label.codePointAt(0) < 256 ? 6.5 : 12) <= Math.max(width, 28) ? label : ""; }

function patterns() {
  const pattern = (id, size, ...marks) => draw("pattern", { id: `pattern-${id}`, width: size, height: size, patternUnits: "userSpaceOnUse" }, ...marks);
  const line = (id, d) => draw("path", { class: `stripe-${id}`, d, fill: "none" });
  return draw("defs", {},
    pattern("customer", 5, line("customer", "M-1 6L6 -1M-1 1L1 -1M4 6L6 4")),
    pattern("hold", 10, line("hold", "M-1 11L11 -1M-1 1L1 -1M9 11L11 9")),
    pattern("dead-air", 8, draw("circle", { class: "dot-dead-air", cx: 4, cy: 4, r: 1.3 })),
    pattern("overlap", 4, line("overlap", "M0 0L4 4M4 0L0 4")),
  );
}
