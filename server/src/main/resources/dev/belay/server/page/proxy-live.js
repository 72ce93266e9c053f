// Requests under way: on which attempt they are, and when the next one comes.

import { Rows, h, mark, panel, say } from "./dom.js";
import { NONE, count, left, length, word } from "./format.js";

const SHOWN = 50;

export function livePanel({ api, every }) {
  const body = h("tbody");
  const rows = new Rows(body, (request) => request.request_id, row);
  const only = h("input", { type: "checkbox", id: "only-retrying", onchange: () => poll.now() });
  const table = h("table", { class: "live" }, h("caption", { class: "hidden" }, "Requests under way"),
    h("thead", {}, h("tr", {}, ...["Target", "Attempt", "Next try", "Elapsed", "Proxy", "Last failure"].map((title, i) =>
      h("th", { scope: "col", class: i > 0 && i < 4 ? "num" : "" }, title)))), body);
  const empty = h("p", { class: "empty" }, "Nothing is under way.");
  const note = h("p", { class: "hint" }, "\u00a0");
  const element = panel("live", "Requests under way",
    [h("label", { class: "check", for: "only-retrying" }, only, "Retrying only")], h("div", { class: "scroll tall" }, table, empty), note);

  function row() {
    const [target, attempt, next, elapsed, proxy, failure] = ["Target", "Attempt", "Next try", "Elapsed", "Proxy", "Last failure"]
      .map((title, i) => h("td", { "data-label": title, class: i > 0 && i < 4 ? "num" : "" }));
    let request = null;
    let at = 0;
    return {
      element: h("tr", {}, target, attempt, next, elapsed, proxy, failure),
      update(now) {
        request = now;
        at = performance.now();
        mark(this.element, "data-state", now.state);
        say(target, now.target);
        mark(target, "title", `${now.target}, policy ${now.policy}`);
        say(attempt, `${Math.max(1, now.attempt)} of ${now.max_attempts}`);
        say(proxy, now.proxy?.replace(/^.*:\/\//, "") ?? NONE);
        mark(proxy, "title", now.proxy ?? "");
        const last = now.failures.at(-1);
        say(failure, last ? word(last.error_class) : NONE);
        this.tick();
      },
      tick() {
        const passed = performance.now() - at;
        say(elapsed, length(Math.floor((request.elapsed + passed / 1000) * 10) / 10));
        const wait = request.seconds_until_retry;
        say(next, wait === null ? (request.state === "retrying" ? "trying" : NONE) : left(wait * 1000 - passed));
      },
    };
  }

  async function load() {
    const answer = await api.get(`requests?limit=${SHOWN}${only.checked ? "&state=retrying" : ""}`);
    rows.show(answer.requests);
    empty.hidden = answer.requests.length > 0;
    table.hidden = answer.requests.length === 0;
    say(note, answer.truncated ? `The oldest ${SHOWN} of ${count(answer.total)}` : answer.total ? `${count(answer.total)} in all` : "\u00a0");
  }

  const clock = setInterval(() => { for (const one of rows.values()) one.tick(); }, 250);
  const poll = every(1000, load);
  return { element, stop: () => { clearInterval(clock); poll.stop(); } };
}
