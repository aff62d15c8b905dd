// The audio element, with a loop, skipped silence and single channels. Says "time", "playing", "loop" and "failed".

export class Sound extends EventTarget {
  constructor(audio, pauses, duration) {
    super();
    this.audio = audio;
    this.pauses = pauses;
    this.duration = duration;
    this.skipping = false;
    this.loop = null;
    this.wanted = null; // where to begin, while the element does not know yet how long it is
    audio.addEventListener("loadedmetadata", () => this.#begin());
    for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, () => this.#tick());
    for (const name of ["play", "pause"]) audio.addEventListener(name, () => this.#changed());
    audio.addEventListener("ended", () => { if (this.loop) { this.#jump(this.loop.start); this.play(); } });
    audio.addEventListener("error", () => this.#say("failed"));
    if (audio.error) this.#say("failed");
  }

  get time() { return this.wanted ?? this.audio.currentTime; }
  get playing() { return !this.audio.paused; }
  set speed(value) { this.audio.defaultPlaybackRate = value; this.audio.playbackRate = value; }

  /** Go to a second of the call. A loop ends when somebody goes elsewhere. */
  seek(time) {
    const there = Math.min(Math.max(0, time), Math.max(0, this.duration - 0.05));
    if (this.loop && (there < this.loop.start - 0.05 || there > this.loop.end)) {
      this.loop = null;
      this.#say("loop");
    }
    if (this.audio.readyState < HTMLMediaElement.HAVE_METADATA) this.wanted = there;
    else this.#jump(there);
    this.#say("time");
  }

  play() {
    this.graph?.context.resume();
    // A browser may refuse before the first touch of the page: then the button still says "play".
    this.audio.play().catch(() => this.#changed());
  }

  toggle() {
    if (this.playing) this.audio.pause();
    else this.play();
  }

  /** Hear a channel or not. From the first call on, what is heard comes to both ears. */
  setChannel(channel, heard) {
    this.graph ??= channelGraph(this.audio);
    this.graph.context.resume();
    this.graph.gains[channel].gain.value = heard ? 1 : 0;
  }

  #begin() {
    if (this.wanted !== null) this.#jump(this.wanted);
    this.wanted = null;
  }

  #jump(time) { this.audio.currentTime = time; }

  #changed() {
    this.#say("playing");
    if (this.playing) requestAnimationFrame(() => this.#frame());
  }

  #frame() {
    if (!this.playing) return;
    this.#tick();
    requestAnimationFrame(() => this.#frame());
  }

  #tick() {
    const now = this.audio.currentTime;
    if (this.playing && !this.audio.seeking) {
      if (this.loop) {
        if (now >= this.loop.end) this.#jump(this.loop.start);
      } else if (this.skipping) {
        const pause = this.pauses.find((span) => now >= span.start && now < span.end - 0.1);
        if (pause) this.#jump(pause.end);
      }
    }
    this.#say("time");
  }

  #say(name) { this.dispatchEvent(new Event(name)); }
}

function channelGraph(audio) {
  const context = new AudioContext();
  const splitter = context.createChannelSplitter(2);
  context.createMediaElementSource(audio).connect(splitter);
  const gains = [0, 1].map((channel) => {
    const gain = context.createGain();
    splitter.connect(gain, channel);
    gain.connect(context.destination); // one channel: it is played on both sides
    return gain;
  });
  return { context, gains };
}
