// The transcript in step with the sound: it marks turn and word, and scrolls until the reader scrolls.
import { fill, lastStarted } from "./words.js";

const UNSURE = 0.5;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Transcript {
  constructor(list, button, turns, text) {
    this.list = list;
    this.button = button;
    this.turns = turns;
    this.text = text;
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
    const parts = [];
    let at = 0;
    words.forEach((word, index) => {
      const piece = word.text.trim();
      const found = piece ? whole.indexOf(piece, at) : -1;
      if (found < 0) return;
      if (found > at) parts.push(whole.slice(at, found));
      parts.push(this.#word(word, index, piece));
      at = found + piece.length;
    });
    said.replaceChildren(...parts, whole.slice(at));
    row.dataset.words = "1";
  }

  #word(word, index, piece) {
    const made = document.createElement("span");
    made.className = word.probability < UNSURE ? "word unsure" : "word";
    made.dataset.word = index;
    made.dataset.start = word.start;
    made.textContent = piece;
    if (word.probability < UNSURE) made.title = fill(this.text.sayUnsure, { percent: Math.round(100 * word.probability) });
    return made;
  }

  /** Bring a row into the middle third of the list; the page itself stays where it is. */
  #show(row) {
    const top = row.offsetTop - this.list.scrollTop;
    const height = this.list.clientHeight;
    if (top > height * 0.15 && top + row.offsetHeight < height * 0.7) return;
    this.list.scrollTo({ top: row.offsetTop - height / 3, behavior: calm.matches ? "auto" : "smooth" });
  }
}
