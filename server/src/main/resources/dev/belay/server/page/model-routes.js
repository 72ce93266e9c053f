// What the gateway stands for: each name with its models in order, and why one is left alone.

import { Rows, h, mark, panel, say } from "./dom.js";
import { count, left, share, word } from "./format.js";

export function routePanel({ api, every }) {
  const list = h("ul", { class: "model-routes", "aria-label": "Routes" });
  const rows = new Rows(list, (route) => route.name, route);
  const empty = h("div", { class: "empty" }, h("strong", {}, "There is no gateway to models."),
    h("p", {}, "Add llm.routes to belay.yaml and start again; docs/llm.md says how."));
  const note = h("p", { class: "hint" });
  const element = panel("model-routes", "Routes", [], list, empty, note);

  function route(made) {
    const models = h("ol", {});
    const inner = new Rows(models, (endpoint) => endpoint.name, endpoint);
    return {
      element: h("li", { "data-route": made.name }, h("h3", {}, made.name), models),
      update: (now) => inner.show(now.endpoints),
    };
  }

  function endpoint(made) {
    const state = h("span", { class: "dim" });
    return {
      element: h("li", { "data-endpoint": made.name }, h("b", {}, made.name), " ", state),
      update(now) {
        const closed = now.closed_for_ms > 0;
        const broken = now.breaker !== "closed" && now.breaker !== "held_closed";
        mark(this.element, "data-mood", broken ? "bad" : closed ? "warn" : "good");
        const allowances = Object.entries(now.remaining).map(([name, rest]) => `${count(rest)} ${name} left`);
        say(state, [broken ? `breaker ${word(now.breaker)}` : null,
          closed ? `left alone for ${left(now.closed_for_ms)} (${now.why})` : null,
          now.waiting ? `${count(now.waiting)} waiting` : null, ...allowances].filter(Boolean).join(", ") || "ready");
      },
    };
  }

  async function load() {
    const models = await api.find("llm");
    list.hidden = models === null;
    empty.hidden = models !== null;
    if (models === null) return;
    rows.show(models.routes);
    const { hits, shared, misses, hit_rate: rate } = models.cache;
    const cached = hits + shared + misses;
    say(note, `${count(models.requests.all)} ${models.requests.all === 1 ? "request" : "requests"}` +
      (cached ? `; the cache answered ${share(rate)} of ${count(cached)}` : "") +
      (models.transcripts?.failing ? `; transcripts cannot be written: ${models.transcripts.last_error}` : ""));
  }

  const poll = every(2000, load);
  return { element, stop: () => poll.stop() };
}
