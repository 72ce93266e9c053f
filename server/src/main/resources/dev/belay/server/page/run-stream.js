// The events of one run, from its snapshot to its end.

import { followToEnd } from "./stream.js";

const LONGEST_EVENT = 64 << 20; // all of a run of many thousand tasks

/** See `followToEnd`. */
export function followRun(api, run, hear, stands) {
  return followToEnd(api, `api/v1/runs/${encodeURIComponent(run)}/events`, { longest: LONGEST_EVENT }, hear, stands);
}
