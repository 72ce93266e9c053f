// Server-sent events, read by fetch because EventSource cannot send a token. Comes back by itself
// after a break, with the last event it saw, and says how the connection is.

const SILENCE = 40_000; // the server sends something every 15 s
const LONGEST_WAIT = 10_000;
const AGAIN = 2000; // when the server has ended a stream of what goes on
const LONGEST_EVENT = 1 << 20;

/** The server answered, but gives no events. */
export class Refused extends Error {
  constructor(status) {
    super(`answered ${status}`);
    this.status = status;
  }
}

/**
 * Follows a stream to its end and tells `hear({id, kind, data})` of each event; `opened()` before
 * the first. Throws if the stream breaks, is silent for long, or an event is longer than `longest`.
 */
export async function follow(api, path, { last = null, signal, longest = LONGEST_EVENT, opened }, hear) {
  const stop = new AbortController();
  const halt = () => stop.abort();
  if (signal?.aborted) halt();
  signal?.addEventListener("abort", halt);
  let alarm = setTimeout(halt, SILENCE);
  try {
    const response = await api.open(path, { headers: last === null ? {} : { "Last-Event-ID": last }, signal: stop.signal });
    if (!response.ok) throw new Refused(response.status);
    opened();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(alarm);
      alarm = setTimeout(halt, SILENCE);
      const from = Math.max(0, text.length - 1);
      text += value;
      if (text.indexOf("\n\n", from) >= 0) {
        const parts = text.split("\n\n");
        text = parts.pop();
        for (const part of parts) read(part, hear);
      }
      if (text.length > longest) throw new Error("an event has no end");
    }
  } finally {
    clearTimeout(alarm);
    signal?.removeEventListener("abort", halt);
    stop.abort();
  }
}

function read(block, hear) {
  let id = null;
  let kind = "message";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("id: ")) id = line.slice(4);
    else if (line.startsWith("event: ")) kind = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (data || id !== null) hear({ id, kind, data: data ? JSON.parse(data) : null });
}

/**
 * Follows a stream that has an end. Comes back by itself after a break, with the last event it saw.
 * `hear(kind, data)` hears of everything; `stands(state, retryAt)` of the connection: live, lost,
 * gone (there is no such thing), ended. Gives `{retryNow(), stop()}`.
 */
export function followToEnd(api, path, { longest }, hear, stands) {
  const stop = new AbortController();
  let wake = () => {};

  const pause = (millis) => new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, millis);
  });

  async function go() {
    let last = null;
    let failures = 0;
    let ended = false;
    const opened = () => { if (!stop.signal.aborted) stands("live", 0); };
    const take = ({ id, kind, data }) => {
      if (stop.signal.aborted) return;
      failures = 0;
      if (id !== null) last = id;
      if (kind === "end") ended = true;
      if (data !== null) hear(kind, data);
    };
    while (!stop.signal.aborted) {
      let wait = AGAIN;
      try {
        await follow(api, path, { last, signal: stop.signal, longest, opened }, take);
        if (ended) return stands("ended", 0);
      } catch (failure) {
        if (stop.signal.aborted) return undefined;
        if (failure instanceof Refused && failure.status === 404) return stands("gone", 0);
        console.debug("the events broke", path, failure);
        wait = Math.min(LONGEST_WAIT, 500 * 2 ** failures++);
        stands("lost", Date.now() + wait);
      }
      await pause(wait);
    }
    return undefined;
  }

  go();
  return { retryNow: () => wake(), stop: () => { stop.abort(); wake(); } };
}

export class EventFeed extends EventTarget {
  #api;
  #last = null;
  #failures = 0;
  #wake = null;

  constructor(api) {
    super();
    this.#api = api;
  }

  /**
   * Never ends. Tells `event` (kind, data) and `state`: live; lost; or limited, when the server
   * answers but has no room for one more reader. The latter two with `retryAt`.
   */
  async run() {
    for (;;) {
      let state = "lost";
      try {
        await this.#follow();
      } catch (failure) {
        if (failure instanceof Refused) state = "limited";
        console.debug("the event stream broke", failure);
      }
      const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.#failures++);
      this.#tell("state", { state, retryAt: Date.now() + wait });
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, wait);
      });
    }
  }

  retryNow() {
    this.#wake?.();
  }

  async #follow() {
    const opened = () => {
      this.#failures = 0;
      this.#tell("state", { state: "live" });
    };
    await follow(this.#api, "api/v1/events/stream", { last: this.#last, opened }, ({ id, kind, data }) => {
      if (id !== null) this.#last = id;
      if (data !== null) this.#tell("event", { kind, data });
    });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
