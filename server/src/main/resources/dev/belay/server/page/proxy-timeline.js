// Which breakers were open or half-open, and when.

import { Rows, choice, h, mark, panel, say } from "./dom.js";
import { clock, count, length, minute, word } from "./format.js";

const HOUR = 3_600_000;
const SHOWN = 12;
const KEPT = 2_000;

/** Lengths of time that breakers were not closed, by proxy, from their changes, oldest first. */
export function spans(events, from, now) {
  const proxies = new Map();
  for (const event of events) {
    const at = Date.parse(event.timestamp);
    let one = proxies.get(event.proxy_id);
    if (!one) {
      // what it was before the first change that is known, it was from the beginning
      one = { id: event.proxy_id, name: event.proxy, spans: [], state: event.from_state, since: from, last: at };
      proxies.set(event.proxy_id, one);
    }
    close(one, at);
    one.state = event.to_state;
    one.since = one.last = at;
  }
  for (const one of proxies.values()) {
    close(one, now);
    one.spans = one.spans.filter((span) => span.end >= from)
      .map((span) => ({ ...span, start: Math.max(span.start, from) }));
  }
  return [...proxies.values()].filter((one) => one.spans.length > 0)
    .sort((a, b) => (b.state !== "closed") - (a.state !== "closed") || b.last - a.last);

  function close(one, end) {
    if (one.state !== "closed" && end > one.since) one.spans.push({ state: one.state, start: one.since, end });
  }
}

export function timelinePanel({ api, every, on }) {
  let width = HOUR;
  let events = [];
  let cut = false;
  const list = h("div", { class: "lanes", role: "list" });
  const rows = new Rows(list, (one) => one.id, lane);
  const axis = h("div", { class: "axis", "aria-hidden": "true" }, ...Array.from({ length: 5 }, () => h("span")));
  const note = h("p", { class: "hint" }, "\u00a0");
  const empty = h("p", { class: "empty" }, "No breaker was open in this time.");
  const windows = [["0.25", "15 min"], ["1", "1 h"], ["6", "6 h"], ["24", "24 h"]];
  const element = panel("timeline", "Breakers over time",
    [choice("Length of time", windows, "1", (hours) => { width = hours * HOUR; poll.now(); })],
    h("p", { class: "legend" }, h("i", { class: "open" }), "open", h("i", { class: "half_open" }), "half-open"),
    list, axis, empty, note);

  function lane(made) {
    const name = h("span", { class: "lane-name" }, made.name.replace(/^.*:\/\//, ""));
    const track = h("div", { class: "track" });
    const marks = new Rows(track, (span) => span.start, () => {
      const box = h("i", {});
      return { element: box, update({ span, from }) {
        box.className = span.state;
        box.style.left = `min(${((span.start - from) / width) * 100}%, 100% - 3px)`; // never too thin to be seen
        box.style.width = `${((span.end - span.start) / width) * 100}%`;
        mark(box, "title", `${word(span.state)} ${clock(span.start)} to ${clock(span.end)}, ${length((span.end - span.start) / 1000)}`);
      } };
    });
    const line = h("div", { class: "lane", role: "listitem", title: made.name }, name, track);
    return { element: line, update({ one, from }) {
      marks.show(one.spans.slice(-300).map((span) => ({ start: `${span.start}`, span, from })));
      const open = one.spans.reduce((sum, span) => sum + span.end - span.start, 0);
      mark(line, "aria-label", `${one.name}: now ${word(one.state)}, not closed for ${length(open / 1000)} in ${one.spans.length} stretches`);
    } };
  }

  function draw() {
    const now = Date.now();
    const from = now - width;
    const found = spans(events, from, now);
    rows.show(found.slice(0, SHOWN).map((one) => ({ id: one.id, name: one.name, one, from })));
    [...axis.children].forEach((tick, i) => say(tick, i === 4 ? "now" : minute(from + (width * i) / 4)));
    empty.hidden = found.length > 0;
    axis.hidden = found.length === 0;
    const more = found.length > SHOWN ? `${count(found.length - SHOWN)} more proxies had an open breaker. ` : "";
    say(note, `${more}${cut ? "Only the last 1,000 changes are known." : ""}` || "\u00a0");
  }

  async function load() {
    const answer = await api.get(`circuit-breakers/metrics?hours=${Math.max(1, Math.ceil(width / HOUR))}`);
    events = answer.events;
    cut = answer.truncated;
    draw();
  }

  const poll = every(15_000, load);
  const clockwork = setInterval(() => { if (!document.hidden && !document.body.classList.contains("stale")) draw(); }, 1000);
  const off = on((kind, data) => {
    if (kind !== "breaker") return;
    events = [...events.slice(-KEPT), data];
    poll.soon(2000);
  });
  return { element, stop: () => { off(); clearInterval(clockwork); poll.stop(); } };
}
