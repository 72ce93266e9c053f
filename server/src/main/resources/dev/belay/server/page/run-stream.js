// The events of one run, from its snapshot to its end. Comes back by itself after a break, with the
// last event it saw.

import { Refused, follow } from "./stream.js";

const AGAIN = 2000; // when the server has ended the stream of a run that goes on
const LONGEST_WAIT = 10_000;
const LONGEST_EVENT = 64 << 20; // all of a run of many thousand tasks

/**
 * `hear(kind, data)` hears of everything; `stands(state, retryAt)` of the connection: live, lost,
 * gone (there is no such run), ended. Gives `{retryNow(), stop()}`.
 */
export function followRun(api, run, hear, stands) {
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
        await follow(api, `api/v1/runs/${encodeURIComponent(run)}/events`, { last, signal: stop.signal, longest: LONGEST_EVENT, opened }, take);
        if (ended) return stands("ended", 0);
      } catch (failure) {
        if (stop.signal.aborted) return undefined;
        if (failure instanceof Refused && failure.status === 404) return stands("gone", 0);
        console.debug("the events of the run broke", failure);
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
