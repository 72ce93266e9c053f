// Server-sent events, read by fetch because EventSource cannot send a token. Comes back by itself
// after a break, with the last event it saw, and says how the connection is.

const SILENCE = 40_000; // the server sends something every 15 s
const LONGEST_WAIT = 10_000;
const LONGEST_EVENT = 1 << 20;

class Refused extends Error {}

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
    const stop = new AbortController();
    let alarm = setTimeout(() => stop.abort(), SILENCE);
    try {
      const response = await this.#api.open("api/v1/events/stream", {
        headers: this.#last ? { "Last-Event-ID": this.#last } : {},
        signal: stop.signal,
      });
      if (!response.ok) throw new Refused(`answered ${response.status}`);
      this.#failures = 0;
      this.#tell("state", { state: "live" });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(alarm);
        alarm = setTimeout(() => stop.abort(), SILENCE);
        const parts = (text + value).split("\n\n");
        text = parts.pop();
        parts.forEach((part) => this.#read(part));
        if (text.length > LONGEST_EVENT) throw new Error("an event has no end");
      }
    } finally {
      clearTimeout(alarm);
      stop.abort();
    }
  }

  #read(block) {
    let kind = "message";
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("id: ")) this.#last = line.slice(4);
      else if (line.startsWith("event: ")) kind = line.slice(7);
      else if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (data) this.#tell("event", { kind, data: JSON.parse(data) });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
