// One run as it is known here: a snapshot, and what has changed since. What changed is gathered and
// told once in a frame, so that a thousand events cost no more than one.

import { followRun } from "./run-stream.js";

export const MOST_LINES = 500;
const MOST_UNTOLD = 20_000;

export class RunModel {
  #api;
  #told;
  #stream = null;
  #frame = 0;
  #changes = fresh();
  id = null;
  run = null;
  tasks = new Map();
  attempts = new Map();
  questions = new Map();
  cooldowns = [];
  backends = [];
  standing = "none";
  retryAt = 0;

  /**
   * `told({all, run, tasks, output, gap, parts})` hears of changes: whether everything is new, or
   * the run itself is; the names of tasks; lines `[task, line]`; whether lines may be missing; and
   * whether breakers or accounts may be different.
   */
  constructor(api, told) {
    this.#api = api;
    this.#told = told;
  }

  /** Shows another run; null for none. */
  open(id) {
    this.#stream?.stop();
    this.#stream = null;
    if (id !== this.id) {
      this.id = id;
      this.run = null;
      this.tasks.clear();
      this.attempts.clear();
      this.questions.clear();
      this.cooldowns = [];
      this.backends = [];
    }
    this.#changes = fresh();
    this.#changes.all = true;
    this.standing = id === null ? "none" : "connecting";
    if (id !== null) {
      this.#stream = followRun(this.#api, id, (kind, data) => this.#hear(kind, data), (state, retryAt) => {
        this.standing = state;
        this.retryAt = retryAt;
        this.#soon().run = true;
      });
    }
    this.#soon();
  }

  /** Follows it once more if it had ended: somebody may have made it go on. */
  again() {
    if (this.id !== null && ["ended", "gone"].includes(this.standing)) this.open(this.id);
  }

  retryNow() {
    this.#stream?.retryNow();
  }

  stop() {
    this.#stream?.stop();
    cancelAnimationFrame(this.#frame);
  }

  /** Breakers and accounts are told by no event in full, so that they are asked for. */
  async refreshParts() {
    const id = this.id;
    const now = id === null ? null : await this.#api.find(`runs/${encodeURIComponent(id)}`);
    if (now === null || id !== this.id) return;
    this.backends = now.backends;
    this.cooldowns = now.cooldowns;
    this.#soon().run = true;
  }

  attemptsOf(task) {
    return [...(this.attempts.get(task)?.values() ?? [])];
  }

  questionsOf(task) {
    return [...(this.questions.get(task)?.values() ?? [])];
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const changes = this.#changes;
      this.#changes = fresh();
      this.#told(changes);
    });
    return this.#changes;
  }

  #hear(kind, data) {
    const changes = this.#soon();
    if (kind === "snapshot") {
      this.#snapshot(data);
      changes.all = true;
    } else if (kind === "end") {
      this.run = data;
      changes.run = true;
      changes.parts = true;
    } else if (kind === "output") {
      changes.output.push([data.task, data.text]);
      if (changes.output.length > MOST_UNTOLD) changes.output.splice(0, MOST_UNTOLD / 2); // nobody looks: no frames
    } else if (kind === "dropped") {
      changes.gap = true;
    } else if (kind === "breaker" || kind === "cooldown") {
      changes.parts = true;
    } else if (data.change) {
      this.#change(data.change, changes);
    }
  }

  #snapshot({ run, tasks, attempts, questions, cooldowns, backends }) {
    Object.assign(this, { run, cooldowns, backends });
    this.tasks = new Map(tasks.map((task) => [task.task, task]));
    this.attempts.clear();
    this.questions.clear();
    attempts.forEach((attempt) => put(this.attempts, attempt));
    questions.forEach((question) => put(this.questions, question));
  }

  #change({ type, ...now }, changes) {
    if (type === "run") {
      this.run = { ...this.run, ...now };
      changes.run = true;
      return;
    }
    if (type === "task" && this.tasks.has(now.task)) this.tasks.set(now.task, { ...this.tasks.get(now.task), ...now });
    else if (type === "attempt") {
      put(this.attempts, now);
      changes.parts = true;
    } else if (type === "question") put(this.questions, now);
    changes.tasks.add(now.task);
  }
}

function fresh() {
  return { all: false, run: false, tasks: new Set(), output: [], gap: false, parts: false };
}

function put(map, one) {
  if (!map.has(one.task)) map.set(one.task, new Map());
  map.get(one.task).set(one.number, one);
}
