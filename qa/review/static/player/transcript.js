// The transcript in step with the sound: it marks turn and word, and scrolls until the reader scrolls.
import { lastStarted } from "./words.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Transcript {
  constructor(list, button, turns) {
    this.list = list;
    this.button = button;
    this.turns = turns;
    this.rows = [...list.querySelectorAll(".turn")];
    this.following = true;
    this.row = -1;
    this.word = null;
    button.addEventListener("click", () => this.follow(true));
    // Scrolling by hand: wheel, finger, scroll bar, or keys in the list.
    for (const name of ["wheel", "touchmove"]) list.addEventListener(name, () => this.follow(false), { passive: true });
    list.addEventListener("pointerdown", (event) => { if (event.target === list) this.follow(false); });
    list.addEventListener("keydown", (event) => {
      if (["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"].includes(event.key)) this.follow(false);
    });
  }

  /** Go with the sound, or leave the reader in peace. */
  follow(on) {
    this.following = on;
    this.button.hidden = on;
    if (on && this.row >= 0) this.#show(this.rows[this.row]);
  }

  /** The turn that is spoken at `time`, or the last one before it. */
  turnAt(time) {
    return this.turns[lastStarted(this.turns, time)] ?? null;
  }

  setTime(time) {
    const index = lastStarted(this.turns, time);
    if (index !== this.row) this.#mark(index);
    if (index >= 0) this.#markWord(index, time);
  }

  #mark(index) {
    this.rows[this.row]?.classList.remove("now");
    this.rows[this.row]?.removeAttribute("aria-current");
    this.row = index;
    const row = this.rows[index];
    if (!row) return;
    row.classList.add("now");
    row.setAttribute("aria-current", "true");
    if (!row.dataset.words) this.#wrap(row, this.turns[index].words);
    if (this.following) this.#show(row);
  }

  #markWord(index, time) {
    const at = lastStarted(this.turns[index].words, time);
    const word = this.rows[index].querySelector(`[data-word="${at}"]`);
    if (word === this.word) return;
    this.word?.classList.remove("now");
    word?.classList.add("now");
    this.word = word;
  }

  /** The words of a turn, each findable. Only of turns that are played: long calls stay light. */
  #wrap(row, words) {
    const said = row.querySelector(".said");
    const whole = said.textContent;
    const unsure = unsureIn(said);
    const parts = [];
    let at = 0;
    words.forEach((word, index) => {
      if (word.at > at) parts.push(whole.slice(at, word.at));
      at = word.at + word.length;
      parts.push(wrapped(word, index, whole.slice(word.at, at), unsure.get(word.at)));
    });
    said.replaceChildren(...parts, whole.slice(at));
    row.dataset.words = "1";
  }

  /** Bring a row into the middle third of the list; the page itself stays where it is. */
  #show(row) {
    const top = row.offsetTop - this.list.scrollTop;
    const height = this.list.clientHeight;
    if (top > height * 0.15 && top + row.offsetHeight < height * 0.7) return;
    this.list.scrollTo({ top: row.offsetTop - height / 3, behavior: calm.matches ? "auto" : "smooth" });
  }
}

/** Where in the text unsure words begin → what is said of them. */
function unsureIn(said) {
  const found = new Map();
  let at = 0;
  for (const node of said.childNodes) {
    if (node.nodeName === "I") found.set(at, node.title);
    at += node.textContent.length;
  }
  return found;
}

function wrapped(word, index, text, unsure) {
  const made = document.createElement("span");
  made.className = unsure ? "word unsure" : "word";
  made.dataset.word = index;
  made.dataset.start = word.start;
  made.textContent = text;
  if (unsure) made.title = unsure;
  return made;
}
