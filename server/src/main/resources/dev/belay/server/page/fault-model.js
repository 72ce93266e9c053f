// One session as it is known here. Its stream tells what happens; whatever has to be worked out, how
// it stands and its report, is asked for when the stream has told something, but not for each trial
// of a quick session. What changed is told once in a frame.

import { eventsPath } from "./fault-api.js";
import { followToEnd } from "./stream.js";

const PACE = 800; // milliseconds between two reports at least
const MOST_TRIALS = 200;
const LONGEST_EVENT = 4 << 20;

export class FaultModel {
  #api;
  #faults;
  #told;
  #stream = null;
  #frame = 0;
  #timer = 0;
  #asking = false;
  #again = false;
  #askedAt = -PACE;
  #seen = () => { if (!document.hidden && this.#again && this.id !== null) this.#due(); };
  id = null;
  view = null;
  viewedAt = 0;
  report = null;
  trials = [];
  applying = null;
  safety = [];
  standing = "none";
  retryAt = 0;

  /** `told()` hears that something is different. */
  constructor(api, faults, told) {
    this.#api = api;
    this.#faults = faults;
    this.#told = told;
    document.addEventListener("visibilitychange", this.#seen);
  }

  /** Shows another session; null for none. */
  open(id) {
    this.#stream?.stop();
    this.#stream = null;
    clearTimeout(this.#timer);
    this.#timer = 0;
    Object.assign(this, { id, view: null, report: null, trials: [], applying: null, safety: [], retryAt: 0 });
    this.standing = id === null ? "none" : "connecting";
    this.#askedAt = -PACE;
    if (id !== null) {
      this.#stream = followToEnd(this.#api, eventsPath(id), { longest: LONGEST_EVENT }, (kind, data) => this.#hear(kind, data), (state, retryAt) => {
        this.standing = state;
        this.retryAt = retryAt;
        if (state === "live") this.#due();
        this.#soon();
      });
    }
    this.#soon();
  }

  retryNow() {
    this.#stream?.retryNow();
  }

  stop() {
    this.#stream?.stop();
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    document.removeEventListener("visibilitychange", this.#seen);
    this.id = null;
  }

  /** Somebody has done something to it here. */
  refresh() {
    this.#due();
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#told();
    });
  }

  #hear(kind, data) {
    if (kind === "trial") {
      this.applying = null;
      this.trials.push(data);
      if (this.trials.length > MOST_TRIALS) this.trials.shift();
    } else if (kind === "applying") {
      this.applying = data;
    } else if (kind === "safety") {
      this.safety.push(data);
    } else if (kind === "end" || kind === "state") {
      if (this.view && data.status) this.view = { ...this.view, status: data.status, stop_reason: data.reason || this.view.stop_reason };
      if (kind === "end") this.applying = null;
    }
    if (kind !== "applying") this.#due();
    this.#soon();
  }

  #due() {
    if (this.#asking || document.hidden) { // nobody looks: once, as soon as somebody does
      this.#again = true;
      return;
    }
    this.#timer ||= setTimeout(() => this.#ask(), Math.max(0, this.#askedAt + PACE - performance.now()));
  }

  async #ask() {
    const id = this.id;
    this.#timer = 0;
    this.#asking = true;
    this.#again = false;
    try {
      const [view, report] = await Promise.all([this.#faults.session(id), this.#faults.report(id)]);
      if (id === this.id) {
        Object.assign(this, { view, report, viewedAt: performance.now() });
        this.#soon();
      }
    } catch (failure) {
      console.debug("the session could not be asked for", failure); // the stream says whether it is lost
    }
    this.#asking = false;
    this.#askedAt = performance.now();
    if (id === null || this.id === null) return;
    if (this.#again || id !== this.id) this.#due();
  }
}
