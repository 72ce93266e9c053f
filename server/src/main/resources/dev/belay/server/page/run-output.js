// The last lines of what the agents of a task say. Goes along with the end unless somebody reads
// further up.

import { h } from "./dom.js";
import { MOST_LINES } from "./run-model.js";

const LONGEST_LINE = 4000;
const LATE = 250;

/** How many of the first of `fresh` are the last of `known` already. */
export function overlap(known, fresh) {
  for (let n = Math.min(known.length, fresh.length); n > 0; n--) {
    if (fresh.slice(0, n).every((line, i) => line === known[known.length - n + i])) return n;
  }
  return 0;
}

export function outputView(api) {
  const element = h("pre", { class: "said output", tabindex: "0", role: "log", "aria-live": "off", "aria-label": "Output" });
  let asked = null;
  let early = null; // lines that came while the older ones were asked for

  const line = (text) => document.createTextNode(`${text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text}\n`);

  function add(lines) {
    if (lines.length === 0) return;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 8;
    element.append(...lines.slice(-MOST_LINES).map(line));
    while (element.childNodes.length > MOST_LINES) element.firstChild.remove();
    if (atEnd) element.scrollTop = element.scrollHeight;
  }

  /** All of a task that is kept; empty for null. */
  async function show(run, task) {
    const mine = (asked = {});
    early = [];
    if (element.dataset.task !== `${run}/${task}`) element.replaceChildren();
    element.dataset.task = `${run}/${task}`;
    if (task === null) return;
    let lines = [];
    try {
      ({ lines } = await api.get(`runs/${encodeURIComponent(run)}/tasks/${encodeURIComponent(task)}/log?lines=${MOST_LINES}`));
    } catch (failure) {
      lines = [`(the output cannot be read: ${failure.message})`];
    }
    if (mine !== asked) return;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 8;
    element.replaceChildren(...lines.slice(-MOST_LINES).map(line));
    if (atEnd) element.scrollTop = element.scrollHeight;
    // what was written before that answer may be told after it
    await new Promise((resolve) => setTimeout(resolve, LATE));
    if (mine !== asked) return;
    const later = early.slice(overlap(lines, early));
    early = null;
    add(later);
  }

  return {
    element,
    show,
    add(lines) {
      if (early === null) add(lines);
      else early = [...early, ...lines].slice(-MOST_LINES);
    },
  };
}
