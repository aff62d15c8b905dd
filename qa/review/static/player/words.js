// Small things said in the same way everywhere.

/** 65 → "1:05", 3605 → "1:00:05". */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** "Loop: {from} to {to}" with the values put in. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** "#t=12.3" or "#t=12.3,15" → {start, end}; null for anything else. */
export function moment(hash) {
  const found = /^#t=(\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?$/.exec(hash);
  if (!found) return null;
  return { start: Number(found[1]), end: found[2] === undefined ? null : Number(found[2]) };
}

/** What `qa.review.transcript.call_data` packed, with names again. Times in seconds. */
export function unpack(data) {
  const span = ([start, end]) => ({ start, end });
  return {
    ...data,
    turns: data.turns.map(([role, channel, start, end, words]) => ({ role, channel, start, end, words: wordsOf(words, start) })),
    events: data.events.map(([kind, start, end, confirmed]) => ({ kind, start, end, confirmed: Boolean(confirmed) })),
    pauses: data.pauses.map(span),
    evidence: data.evidence.map(([outcome, start, end, words]) => ({ outcome, start, end, words })),
  };
}

/** Words of a turn: where they stand in its text, and when they are said. */
function wordsOf(packed, begin) {
  const words = [];
  let at = 0;
  let now = Math.round(100 * begin);
  for (let n = 0; n < packed.length; n += 4) {
    const [skipped, length, waited, taken] = packed.slice(n, n + 4);
    at += skipped;
    now += waited;
    words.push({ at, length, start: now / 100, end: (now + taken) / 100 });
    at += length;
    now += taken;
  }
  return words;
}

/** Index of the last item that starts at or before `time`; -1 if there is none. Items are in order. */
export function lastStarted(items, time) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].start <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
