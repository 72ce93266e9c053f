// How runs and tasks are spoken of, with the signs that the terminal has for them.

import { left, length } from "./format.js";

const MARKS = {
  completed: "✓", failed: "✗", running: "●", merging: "●", retrying: "↻", parked: "‖", asking: "?",
  blocked: "⊘", skipped: "↷", cancelled: "⊗", waiting: "○", queued: "○", interrupted: "‖",
};
const MOODS = {
  completed: "good", failed: "bad", blocked: "bad", running: "busy", merging: "busy", retrying: "warn", parked: "warn",
  asking: "warn", interrupted: "warn",
};
const ENDS = new Set(["completed", "failed", "blocked", "skipped", "cancelled"]);

/** One of each sign, in the order in which a task comes by them. */
export const LEGEND = ["waiting", "running", "retrying", "parked", "asking", "completed", "failed", "blocked", "skipped", "cancelled"];

export const signOf = (state) => MARKS[state] ?? "○";
export const moodOf = (state) => MOODS[state] ?? "none";
/** Whether nothing more will happen to a task or a run by itself. */
export const isOver = (state) => ENDS.has(state);

/** How long something took, or has taken so far; empty if it has not begun. */
export function took({ started, ended }) {
  if (!started) return "";
  const seconds = Math.max(0, (ended ? Date.parse(ended) : Date.now()) - Date.parse(started)) / 1000;
  return ended ? length(seconds) : seconds < 1 ? "0 s" : length(Math.floor(seconds));
}

/** How long until a moment: by the second within the hour, by the minute before. */
export function until(moment) {
  const millis = Date.parse(moment) - Date.now();
  return millis < 3_600_000 ? left(millis) : length(Math.ceil(millis / 60_000) * 60);
}
