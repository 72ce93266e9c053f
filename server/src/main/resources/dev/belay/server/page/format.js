// Numbers and times for people.

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const MINUTE = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });

export const NONE = "–";

export function count(number) {
  return WHOLE.format(number);
}

/** "99.4%"; never "100%" unless it is all of it, never "0%" unless it is none. */
export function share(value) {
  if (value === null || value === undefined) return NONE;
  if (value === 0 || value === 1) return `${value * 100}%`;
  return `${Math.min(99.9, Math.max(0.1, value * 100)).toFixed(1)}%`;
}

/** "250 ms", "1.25 s", "2 min 5 s". */
export function length(seconds) {
  if (seconds === null || seconds === undefined) return NONE;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${trim(seconds.toFixed(seconds < 10 ? 2 : 1))} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ""}`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
}

function trim(decimal) {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

/** Whole seconds that are left, "now" at the end. */
export function left(millis) {
  const seconds = Math.ceil(millis / 1000);
  if (seconds <= 0) return "now";
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function clock(time) {
  return CLOCK.format(new Date(time));
}

export function minute(time) {
  return MINUTE.format(new Date(time));
}

export function day(time) {
  return DAY.format(new Date(time));
}

/** A name of the API in words: "half_open" is "half-open". */
export function word(name) {
  return name === "half_open" ? "half-open" : String(name).replaceAll("_", " ");
}
