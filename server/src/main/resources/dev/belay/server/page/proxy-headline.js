// The figures that say at a glance whether all is well.

import { h, mark, say } from "./dom.js";
import { count, length, share } from "./format.js";

export function headline({ api, every, on }) {
  const figures = {};
  const figure = (id, label) => {
    const value = h("dd", {}, "–");
    const note = h("dd", { class: "note" }, "\u00a0");
    figures[id] = { value, note, box: h("div", { class: "figure", "data-figure": id }, h("dt", {}, label), value, note) };
    return figures[id].box;
  };
  const element = h("dl", { class: "headline", "aria-label": "Headline figures" },
    figure("usable", "Proxies that can be used"), figure("open", "Breakers open"),
    figure("running", "Requests under way"), figure("success", "Requests that succeeded"),
    figure("retries", "Retries"), figure("latency", "Latency of attempts, p95"));

  function show(id, value, note, mood = null) {
    say(figures[id].value, value);
    say(figures[id].note, note);
    mark(figures[id].box, "data-mood", mood);
  }

  async function refresh() {
    const [health, pool, live, hour] = await Promise.all([
      api.health(), api.get("proxies?size=1"), api.get("requests?limit=1"), api.get("metrics/retries?hours=1")]);
    const { total, selectable } = health.proxies;
    show("usable", `${count(selectable)} of ${count(total)}`,
      health.store?.failing ? "The store is failing" : total === 0 ? "The pool is empty" : share(selectable / total),
      total > 0 && selectable === 0 ? "bad" : selectable < total || health.store?.failing ? "warn" : null);
    show("open", count(pool.states.open), `${count(pool.states.half_open)} half-open`, pool.states.open > 0 ? "warn" : null);
    show("running", count(live.total), live.unseen ? `${count(live.unseen)} not followed` : "now");
    const requests = hour.total_requests;
    const rate = hour.request_success_rate;
    show("success", requests ? share(rate) : "–", `${count(requests)} in the last hour`,
      requests && rate < 0.9 ? "bad" : requests && rate < 0.99 ? "warn" : null);
    show("retries", count(hour.total_retries),
      requests ? `${(hour.total_retries / requests).toFixed(2)} for each request` : "in the last hour");
    show("latency", requests ? length(hour.latency.p95) : "–", requests ? `median ${length(hour.latency.p50)}` : "in the last hour");
  }

  const poll = every(2000, refresh);
  const off = on((kind) => { if (kind === "breaker" || kind === "pool") poll.soon(250); });
  return { element, stop: () => { off(); poll.stop(); } };
}
