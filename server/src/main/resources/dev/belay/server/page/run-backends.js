// Who does the tasks of a run: what each backend lets through, and which accounts rest.

import { Rows, h, mark, say } from "./dom.js";
import { left, word } from "./format.js";
import { until } from "./run-words.js";

const BOUNDLESS = 10_000;

/** `changed()` hears when somebody has ended a rest here. */
export function backendTable(api, changed) {
  const problem = h("p", { class: "error", role: "alert" });
  const body = h("tbody", {});
  const rests = h("ul", { class: "rests", "aria-label": "Accounts that rest" });
  const rows = new Rows(body, (one) => one.backend, () => {
    const cells = [h("td", {}), h("td", {}), h("td", {}, h("span", { class: "state" })), h("td", { class: "num" })];
    let [testAt, open] = [0, false];
    return {
      element: h("tr", {}, ...cells),
      update(now) {
        open = now.breaker === "open";
        testAt = performance.now() + (now.seconds_until_test ?? 0) * 1000;
        mark(this.element, "data-state", now.breaker === "held" ? "open" : now.breaker);
        say(cells[0], now.backend);
        say(cells[1], now.account);
        say(cells[3], now.most < BOUNDLESS ? `${now.running}/${now.most}` : now.running);
        this.word = now.breaker === null ? "not in use" : word(now.breaker);
        mark(this.element, "data-idle", now.breaker === null ? "" : null);
        this.tick();
      },
      tick() {
        say(cells[2].firstChild, open ? `${this.word}, test in ${left(testAt - performance.now())}` : this.word);
      },
    };
  });
  const resting = new Rows(rests, (one) => one.account, (made) => {
    const text = h("span", {});
    const act = h("button", { type: "button", "aria-label": `Go on now with ${made.account}`, onclick: async () => {
      act.disabled = true;
      say(problem, "");
      try {
        await api.call("DELETE", `cooldowns/${encodeURIComponent(made.account)}`);
      } catch (failure) {
        say(problem, failure.message);
      }
      act.disabled = false;
      changed();
    } }, "Go on now");
    let rest = made;
    return {
      element: h("li", { "data-account": made.account }, text, " ", act),
      update(now) {
        rest = now;
        this.tick();
      },
      tick() {
        say(text, `${rest.account} rests, goes on in ${until(rest.until)}${rest.reason ? `: ${rest.reason}` : ""}`);
      },
    };
  });
  const element = h("div", { class: "run-backends" },
    h("div", { class: "scroll" }, h("table", {}, h("caption", { class: "hidden" }, "Backends of the run"),
      h("thead", {}, h("tr", {}, ...["Backend", "Account", "Breaker"].map((title) => h("th", { scope: "col" }, title)), h("th", { scope: "col", class: "num" }, "Running"))),
      body)), rests, problem);

  return {
    element,
    show({ backends, cooldowns }) {
      rows.show(backends);
      resting.show(cooldowns.filter((one) => Date.parse(one.until) > Date.now()));
      rests.hidden = cooldowns.length === 0;
    },
    tick() {
      for (const one of [...rows.values(), ...resting.values()]) one.tick();
    },
  };
}
