// What happens, as it happens; the newest on top. Bounded, so that a day of it weighs no more than
// an hour.

import { h, panel, say } from "./dom.js";
import { clock, count, length, word } from "./format.js";

const KEPT = 500;
const SHOWN = 100;
const KINDS = [["breaker", "Breakers"], ["retry", "Retries"], ["call_failed", "Failures"], ["pool", "Pool"], ["policy", "Policy"], ["review", "Reviews"]];

/** An event in a sentence. */
function sentence(kind, data) {
  switch (kind) {
    case "breaker": return `${data.proxy}: ${word(data.from_state)} to ${word(data.to_state)}, ${data.reason}`;
    case "retry": return `${data.target}: attempt ${data.attempt} of ${data.max_attempts} in ${length(data.delay)}` +
      (data.error_class ? ` after ${word(data.error_class)} at ${data.proxy}` : "");
    case "call_failed": return `${data.target}: ${word(data.reason)} after ${data.attempts} ${data.attempts === 1 ? "attempt" : "attempts"}, ${word(data.error_class)}`;
    case "pool": return data.change === "source"
      ? `Source ${data.source} brought ${count(data.count)} proxies; ${count(data.proxies)} in the pool`
      : `${data.proxy ?? `${count(data.count)} proxies`} ${word(data.change)}; ${count(data.proxies)} in the pool`;
    case "policy": return `The policy was changed (${data.source})`;
    case "review": return `${data.ticket.slice(0, 12)}${data.tenant ? ` of ${data.tenant}` : ""}: ${data.state === "open" ? "waits for a person" : word(data.state)}` +
      (data.reviewer ? ` by ${data.reviewer}` : "");
    case "gap": return `${count(data.missed)} events were missed`;
    default: return Object.entries(data).filter(([key]) => key !== "timestamp").map(([key, value]) =>
      `${word(key)} ${typeof value === "object" ? JSON.stringify(value) : value}`).join(", ");
  }
}

export function feedPanel({ on }) {
  const kept = [];
  const hidden = new Set();
  let paused = false;
  let unseen = 0;
  let planned = false;
  const list = h("ol", { class: "feed", role: "log", "aria-live": "off", "aria-label": "Events", tabindex: "0" });
  const empty = h("p", { class: "empty" }, "Nothing has happened since this page was opened.");
  const pause = h("button", { type: "button", "aria-pressed": "false", class: "steady", onclick: () => {
    paused = !paused;
    unseen = 0;
    pause.setAttribute("aria-pressed", String(paused));
    show();
  } }, "Pause");
  const filters = h("div", { class: "filters", role: "group", "aria-label": "Kinds of events" }, ...KINDS.map(([kind, title]) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: true, "data-kind": kind, onchange: (event) => {
      if (event.target.checked) hidden.delete(kind);
      else hidden.add(kind);
      show(true);
    } }), title)));
  const element = panel("feed", "Events", [pause], filters, h("div", { class: "scroll tall" }, list, empty));

  const line = ({ kind, data }) => h("li", { "data-kind": kind, title: JSON.stringify(data) },
    h("time", { datetime: data.timestamp }, data.timestamp ? clock(data.timestamp) : ""), h("b", {}, word(kind)), h("span", {}, sentence(kind, data)));

  function show(even = false) {
    planned = false;
    say(pause, paused ? `Go on${unseen ? ` (${unseen >= KEPT ? `${KEPT}+` : unseen})` : ""}` : "Pause");
    if (paused && !even) return;
    const wanted = kept.filter((event) => !hidden.has(event.kind)).slice(-SHOWN).reverse();
    const lines = new Map([...list.children].map((item) => [item.event, item]));
    list.replaceChildren(...wanted.map((event) => lines.get(event) ?? Object.assign(line(event), { event })));
    empty.hidden = wanted.length > 0;
    say(empty, kept.length ? "No event of these kinds yet." : "Nothing has happened since this page was opened.");
  }

  const off = on((kind, data) => {
    kept.push({ kind, data });
    if (kept.length > KEPT) kept.shift();
    if (paused) unseen++;
    if (!planned) {
      planned = true;
      setTimeout(() => show(), 200); // many events, one drawing
    }
  });
  return { element, stop: off };
}
