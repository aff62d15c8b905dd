// Keyboard for deciding: n/p criterion, 1/2/3 outcome, a agree, m coaching, c comment, d done. Without it, the same forms.
const findings = [...document.querySelectorAll(".finding")];
const typing = (target) => target.closest("input:not([type=radio]), select, textarea, [contenteditable]");
let playhead = null;

const current = () => document.activeElement?.closest(".finding") ?? null;

function go(by) {
  const now = findings.indexOf(current());
  const next = now < 0 ? (by > 0 ? 0 : findings.length - 1) : Math.min(findings.length - 1, Math.max(0, now + by));
  findings[next]?.focus();
  findings[next]?.scrollIntoView({ block: "nearest" });
}

function choose(number) {
  const finding = current();
  if (!finding) return;
  const details = finding.querySelector(".overrule");
  details.open = true;
  const radio = details.querySelectorAll("input[type=radio]")[number - 1];
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  details.querySelector("textarea").focus();
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

document.addEventListener("qa:time", (event) => {
  playhead = event.detail.time;
});

function comment() {
  const field = document.getElementById("moment-now");
  if (playhead !== null && !field.value) field.value = clock(playhead);
  document.getElementById("comment-words").focus();
}

const keys = {
  n: () => go(1),
  p: () => go(-1),
  1: () => choose(1),
  2: () => choose(2),
  3: () => choose(3),
  a: () => current()?.querySelector(".agree")?.click(),
  m: () => current()?.querySelector(".marker")?.click(),
  c: comment,
  d: () => document.getElementById("handled")?.requestSubmit(),
};

document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(form.querySelector(".primary"));
  if (event.key === "Escape" && current()) current().focus();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// "Not met" needs a place where the machine shows none: offer the playhead.
document.addEventListener("change", (event) => {
  const field = event.target.closest(".decide")?.querySelector(".moment-field");
  if (!field || event.target.name !== "outcome") return;
  field.required = event.target.value === "not_met";
  if (field.required && !field.value && playhead !== null) field.value = playhead.toFixed(1);
});

if (location.hash.startsWith("#f-")) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.focus();
