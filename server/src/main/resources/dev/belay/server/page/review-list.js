// The calls that wait, the oldest first, with the time that is left for each.

import { Rows, choice, h, mark, panel, say } from "./dom.js";
import { count, left, length, word } from "./format.js";

const SETTLED = "approved,edited,retried,rejected,expired";
const STEP = 50;
const MOST = 500;
const SOON = 300; // seconds

/** `choose(ticket)` hears of what is to be shown. */
export function listPanel({ api, every, on }, choose) {
  let state = "open";
  let shown = STEP;
  let chosen = null;
  let asked = 0;
  const list = h("ol", { class: "reviews", "aria-label": "Reviews" });
  const rows = new Rows(list, (review) => review.ticket, row);
  const empty = h("div", { class: "empty", hidden: true });
  const note = h("span", { class: "count", "aria-live": "polite" });
  const more = h("button", { type: "button", hidden: true, onclick: () => { shown = Math.min(MOST, shown + STEP); poll.now(); } }, "Show more");
  const states = choice("Which", [["open", "Open"], [SETTLED, "Settled"]], state, (wanted) => {
    state = wanted;
    shown = STEP;
    poll.now();
  });
  const element = panel("reviews", "Reviews", [states], list, empty, h("div", { class: "pages" }, note, more));

  function row(made) {
    const question = h("b", {});
    const why = h("span", { class: "why" });
    const [standing, age, tenant] = [h("span", {}), h("span", {}), h("span", {})];
    const button = h("button", { type: "button", onclick: () => pick(made.ticket) },
      question, why, h("span", { class: "about" }, standing, age, tenant));
    let review = made;
    let at = 0;
    return {
      element: h("li", { "data-ticket": made.ticket }, button),
      update(now) {
        review = now;
        at = performance.now();
        mark(button, "data-state", now.state);
        mark(button, "aria-pressed", String(now.ticket === chosen));
        say(question, now.question || "(no question)");
        say(why, now.problems[0]?.message ?? "");
        say(tenant, now.tenant);
        this.tick();
      },
      tick() {
        const passed = (performance.now() - at) / 1000;
        const rest = review.seconds_left === null ? null : review.seconds_left - passed;
        const since = Math.floor(review.age + passed);
        say(age, since < 1 ? "just now" : `${length(since < 3600 ? since : Math.floor(since / 60) * 60)} ago`);
        say(standing, rest === null ? `${word(review.state)}${review.reviewer ? ` by ${review.reviewer}` : ""}`
          : rest > SOON ? `${length(Math.floor(rest / 60) * 60)} left` : rest > 0 ? `${left(rest * 1000)} left` : "time is over");
        mark(button, "data-soon", rest !== null && rest < SOON ? "" : null);
      },
    };
  }

  function pick(ticket) {
    chosen = ticket;
    for (const item of list.children) mark(item.firstChild, "aria-pressed", String(item.dataset.ticket === ticket));
    choose(ticket);
  }

  function nothing() {
    return state === "open"
      ? [h("strong", {}, "No call waits for a person."),
        h("p", {}, "A call comes here when its answers do not pass their checks and its route leaves them to a person.")]
      : [h("strong", {}, "Nothing has been decided, and nothing has expired.")];
  }

  async function load() {
    const mine = ++asked;
    const answer = await api.get(`reviews?${new URLSearchParams({ state, limit: shown })}`);
    if (mine !== asked) return;
    rows.show(answer.reviews);
    list.hidden = answer.reviews.length === 0;
    empty.hidden = answer.reviews.length > 0;
    if (empty.dataset.kind !== state) {
      empty.dataset.kind = state;
      empty.replaceChildren(...nothing());
    }
    more.hidden = answer.next === "" || shown >= MOST;
    const all = state === "open" ? answer.stats.open
      : Object.values(answer.stats.by_state).reduce((sum, number) => sum + number, 0) - answer.stats.open;
    say(note, `${count(all)} ${state === "open" ? "open" : "settled"}` +
      (answer.stats.mean_time_to_decide > 0 ? `; decided within ${length(answer.stats.mean_time_to_decide)} on average` : ""));
  }

  const clock = setInterval(() => { for (const one of rows.values()) one.tick(); }, 1000);
  const poll = every(5000, load);
  const off = on((kind) => { if (kind === "review" || kind === "gap") poll.soon(200); });
  return {
    element,
    reload: () => poll.now(),
    stop() {
      clearInterval(clock);
      off();
      poll.stop();
    },
  };
}
