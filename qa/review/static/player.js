// The player of a call: sound, waveform, transcript and keyboard, kept in step. Without it: <audio controls> and the text.
import { Sound } from "./player/sound.js";
import { Waveform } from "./player/waveform.js";
import { Transcript } from "./player/transcript.js";
import { listen } from "./player/keys.js";
import { clock, fill, moment, unpack } from "./player/words.js";

const root = document.getElementById("player");
const data = unpack(JSON.parse(document.getElementById("call-data").textContent));
const audio = document.getElementById("sound");
const find = (id) => document.getElementById(id);
const text = root.dataset;

const sound = new Sound(audio, data.pauses, data.duration);
audio.hidden = true;
audio.removeAttribute("controls");
root.querySelector(".panel").hidden = false;
const wave = new Waveform(find("wave"), data, text);
const transcript = new Transcript(find("turns"), find("follow"), data.turns);
let chosen = null; // the moment that was clicked last: what "loop" repeats
let begin = null; // where "[" was pressed

const say = (words) => { find("says").textContent = words; };
const span = (loop) => ({ from: clock(loop.start), to: clock(loop.end) });

function hear(start, end = null) {
  chosen = end === null ? null : { start, end };
  sound.seek(start);
  wave.reveal(start);
  transcript.follow(true);
  sound.play();
}

function setLoop(loop) {
  sound.loop = loop;
  begin = null;
  wave.setLoop(loop);
  find("loop").setAttribute("aria-pressed", String(loop !== null));
  say(loop ? fill(text.sayLoop, span(loop)) : text.sayLoopOff);
}

const actions = {
  toggle: () => sound.toggle(),
  seekBy: (seconds) => { sound.seek(sound.time + seconds); wave.reveal(sound.time); },
  faster: (by) => { find("speed").selectedIndex = Math.min(5, Math.max(0, find("speed").selectedIndex + by)); setSpeed(); },
  loop: () => {
    if (sound.loop) return setLoop(null);
    const inside = chosen && sound.time >= chosen.start - 0.5 && sound.time <= chosen.end + 0.5;
    const here = inside ? chosen : transcript.turnAt(sound.time) ?? { start: sound.time, end: sound.time + 5 };
    setLoop({ start: here.start, end: Math.min(data.duration, Math.max(here.end, here.start + 0.3)) });
    if (sound.time < here.start || sound.time > here.end) sound.seek(here.start);
    wave.reveal(here.start);
  },
  loopFrom: () => {
    const end = sound.loop?.end ?? null;
    if (end !== null && end > sound.time + 0.3) return setLoop({ start: sound.time, end });
    if (sound.loop) setLoop(null);
    begin = sound.time;
    say(fill(text.sayBegin, { from: clock(begin) }));
  },
  loopTo: () => {
    const start = begin ?? sound.loop?.start ?? transcript.turnAt(sound.time)?.start ?? Math.max(0, sound.time - 5);
    if (sound.time > start + 0.3) { setLoop({ start, end: sound.time }); sound.seek(start); }
  },
  skipSilence: () => {
    sound.skipping = !sound.skipping;
    remember("qa-skip", String(sound.skipping));
    find("skip-silence").setAttribute("aria-pressed", String(sound.skipping));
    say(sound.skipping ? text.saySkipOn : text.saySkipOff);
  },
  zoom: (factor) => wave.zoom(factor, sound.time),
  follow: () => transcript.follow(!transcript.following),
  help: () => { if (!find("keys").open) find("keys").showModal(); },
};

function setSpeed() {
  sound.speed = Number(find("speed").value);
  remember("qa-speed", find("speed").value);
  say(fill(text.saySpeed, { speed: find("speed").value }));
}

function remember(name, value) {
  try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ }
}

function recall(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

// ---- from the sound to the page ----
sound.addEventListener("time", () => {
  const now = sound.time;
  wave.setTime(now, sound.playing);
  transcript.setTime(now);
  find("time").textContent = `${clock(now)} / ${clock(data.duration)}`;
  find("position").value = now;
  find("position").setAttribute("aria-valuetext", fill(text.sayOf, { now: clock(now), all: clock(data.duration) }));
  document.dispatchEvent(new CustomEvent("qa:time", { detail: { time: now } }));
});
sound.addEventListener("loop", () => { wave.setLoop(sound.loop); find("loop").setAttribute("aria-pressed", String(sound.loop !== null)); });
sound.addEventListener("playing", () => {
  root.toggleAttribute("data-playing", sound.playing);
  const label = sound.playing ? text.sayPause : text.sayPlay;
  find("play").setAttribute("aria-label", label);
  find("play").title = `${label} (␣)`;
});
sound.addEventListener("failed", () => { find("sound-failed").textContent = text.sayFailed; find("sound-failed").hidden = false; });

// ---- from the page to the sound ----
find("play").addEventListener("click", actions.toggle);
find("back").addEventListener("click", () => actions.seekBy(-5));
find("forward").addEventListener("click", () => actions.seekBy(5));
find("position").addEventListener("input", (event) => { sound.seek(Number(event.target.value)); wave.reveal(sound.time); });
find("speed").addEventListener("change", setSpeed);
find("loop").addEventListener("click", actions.loop);
find("skip-silence").addEventListener("click", actions.skipSilence);
find("zoom-in").addEventListener("click", () => actions.zoom(2));
find("zoom-out").addEventListener("click", () => actions.zoom(0.5));
find("keys-open").addEventListener("click", actions.help);
for (const button of root.querySelectorAll(".channel")) {
  button.addEventListener("click", () => {
    const heard = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(heard));
    sound.setChannel(Number(button.dataset.channel), heard);
  });
}
for (const button of root.querySelectorAll(".legend-kind")) {
  button.addEventListener("click", () => {
    const events = data.events.filter((event) => event.kind === button.dataset.kind);
    const next = events.find((event) => event.start > sound.time + 0.1) ?? events[0];
    chosen = next;
    sound.seek(next.start);
    wave.reveal(next.start);
  });
}
wave.addEventListener("seek", (event) => { sound.seek(event.detail.time); });
wave.addEventListener("hear", (event) => hear(event.detail.start, event.detail.end));
wave.addEventListener("select", (event) => { setLoop(event.detail); sound.seek(event.detail.start); });

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[href^='#t=']");
  if (link) {
    event.preventDefault();
    history.replaceState(null, "", link.getAttribute("href"));
    const place = moment(link.hash);
    hear(place.start, place.end);
    return;
  }
  const turn = event.target.closest(".turn");
  if (!turn || event.target.closest("a, button") || String(getSelection())) return;
  const word = event.target.closest(".word");
  const place = moment(turn.querySelector("a").hash);
  hear(word ? Number(word.dataset.start) : place.start, place.end);
});

function fromAddress() {
  const place = moment(location.hash);
  if (!place) return;
  chosen = place.end === null ? null : place;
  sound.seek(place.start);
  wave.reveal(place.start);
}
addEventListener("hashchange", fromAddress);
listen(document, actions);

if (recall("qa-skip") === "true") actions.skipSilence();
const speed = recall("qa-speed");
if (speed && [...find("speed").options].some((option) => option.value === speed)) {
  find("speed").value = speed;
  sound.speed = Number(speed);
}
fromAddress();
say("");

const answer = await fetch(text.peaks).catch(() => null);
if (answer?.ok) {
  const number = (name) => Number(answer.headers.get(name));
  wave.setPeaks(new Uint8Array(await answer.arrayBuffer()), number("X-Channels"), number("X-Per-Second"));
}
