// How sessions, plans and trials are spoken of.

const SIGNS = { PENDING: "○", RUNNING: "●", STOPPING: "●", COMPLETED: "✓", FAILED: "✗" };
const MOODS = { PENDING: "busy", RUNNING: "busy", STOPPING: "warn", COMPLETED: "good", FAILED: "bad" };

/** What is known of a kind of fault at a call, from the best known to the least. */
export const HEATS = [
  ["fails", "✗", "fails", "a part of a plan that breaks the system"],
  ["tolerated", "✓", "borne", "it struck, and the system held"],
  ["unclear", "?", "unclear", "it struck only beside faults that break the system by themselves"],
  ["never_struck", "○", "not reached", "it was planned, but no such call was made while it was in force"],
  ["untested", "·", "not tried", "no trial had it"],
];

export const isOver = (status) => status === "COMPLETED" || status === "FAILED";
/** Ended before all of its trials were done: not wrong, but nothing to be pleased with either. */
const isCut = (view) => view.status === "COMPLETED" && view.progress.trials_completed < view.progress.max_trials;

export const signOf = (view) => (view.paused ? "‖" : isCut(view) ? "■" : SIGNS[view.status] ?? "○");
export const moodOf = (view) => (view.paused ? "warn" : isCut(view) ? "none" : MOODS[view.status] ?? "none");

/** "7.3" */
export const score = (value) => (value === null || value === undefined ? "–" : value.toFixed(1));

/** "1 defect", "2 defects". */
export const many = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function effect(fault) {
  switch (fault.effect) {
    case "delay": return `delay ${fault.delay_ms}ms`;
    case "abort": return `abort ${fault.status}`;
    case "rewrite": return `rewrite ${fault.status}`;
    case "throttle": return `throttle ${fault.bytes_per_second}B/s`;
    case "truncate": return `truncate after ${fault.after_bytes}B`;
    default: return fault.effect;
  }
}

/** As the reports write it: "cart>pricing delay 1500ms 50% from 200ms". */
export function faultText(fault) {
  return [
    `${fault.from ?? "*"}>${fault.service} ${effect(fault)}`,
    fault.percentage ? `${fault.percentage}%` : "",
    fault.start_delay_ms ? `from ${fault.start_delay_ms}ms` : "",
    fault.skip ? `skip ${fault.skip}` : "",
    fault.count ? `first ${fault.count}` : "",
  ].filter(Boolean).join(" ");
}

/** All faults of a plan, in one line. */
export const planText = (plan) => plan.faults.map(faultText).join(" + ") || "no fault";

/** "3 of 3 (44–100 %)"; null while no smallest plan is known. */
export function oddsText(minimal) {
  if (!minimal) return null;
  const { hits, of, low, high } = minimal.odds;
  return `${hits} of ${of} (${Math.round(low * 100)}–${Math.round(high * 100)}\u00a0%)`;
}
