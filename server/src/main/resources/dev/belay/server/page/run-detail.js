// One task of a run: how it stands and why, its attempts, what it came to, what its agents say.

import { confirm, toast } from "./dialogs.js";
import { Rows, h, mark, panel, say } from "./dom.js";
import { clock, count, word } from "./format.js";
import { outputView } from "./run-output.js";
import { questionView } from "./run-question.js";
import { isOver, moodOf, signOf, took, until } from "./run-words.js";

const MOST_SHOWN = 20_000;

/** `acted()` hears when somebody has done something to the task here. */
export function detailPanel({ api }, model, acted) {
  let task = null;
  let built = null;
  const output = outputView(api);
  const body = h("div", {}, nothing());
  const [cancel, retry] = [["Cancel task", stop], ["Retry task", again]].map(([title, act]) =>
    h("button", { type: "button", hidden: true, onclick: act }, title));
  const element = panel("task", "Task", [cancel, retry], body);
  const title = element.querySelector("h2");

  function nothing() {
    return h("p", { class: "empty" }, "Choose a task to see it.");
  }

  const path = (more) => `runs/${encodeURIComponent(model.id)}/tasks/${encodeURIComponent(task)}${more}`;

  async function act(more, done) {
    [cancel.disabled, retry.disabled] = [true, true];
    say(built.problem, "");
    const place = built.problem;
    try {
      await api.post(path(more));
      toast(done);
    } catch (failure) {
      say(place, failure.message);
    }
    [cancel.disabled, retry.disabled] = [false, false];
    acted();
  }

  async function stop() {
    if (await confirm({ title: `Cancel ${task}?`, action: "Cancel this task", keep: "Let it go on",
      text: "Its agent is ended with all that it has started. What needs this task cannot be done." })) await act("/cancel", "Cancelled");
  }

  async function again() {
    const now = model.tasks.get(task);
    if (now.state !== "completed" || await confirm({ title: `Do ${task} once more?`, action: "Do it again",
      text: "It was completed. Its result is replaced by that of the new attempt." })) await act("/retry", "Goes on");
  }

  function build() {
    const sign = h("span", { class: "sign", "aria-hidden": "true" });
    const state = h("b", {});
    const [why, waits, problem] = [h("span", { class: "why" }), h("span", { class: "until" }), h("p", { class: "error", role: "alert" })];
    const facts = h("dl", { class: "facts" });
    const attempts = h("tbody", {});
    const questions = h("ol", {});
    const id = model.id;
    const result = resultView();
    body.replaceChildren(
      h("p", { class: "standing", role: "status" }, sign, " ", state, " ", why, " ", waits), problem, facts,
      h("div", { class: "task-parts" },
        h("div", {}, questions, h("h3", {}, "Attempts"), h("div", { class: "scroll" }, h("table", { class: "attempts" },
          h("thead", {}, h("tr", {}, ...["#", "Backend", "Outcome", "Took", "Message"].map((one) => h("th", { scope: "col" }, one)))), attempts)),
        result.element),
        h("div", {}, h("h3", {}, "Output"), output.element)));
    built = {
      sign, state, why, until: waits, problem, facts, result,
      attempts: new Rows(attempts, (one) => one.number, attempt),
      questions: new Rows(questions, (one) => one.number, (one) => questionView(api, id, one, acted)),
    };
  }

  function attempt() {
    const cells = Array.from({ length: 5 }, () => h("td", {}));
    return {
      element: h("tr", {}, ...cells),
      update(now) {
        this.now = now;
        mark(this.element, "data-outcome", now.outcome ?? "running");
        say(cells[0], now.number);
        say(cells[1], now.account && now.account !== now.backend ? `${now.backend} (${now.account})` : now.backend);
        say(cells[2], now.outcome === null ? "● running" : `${now.outcome === "success" ? "✓" : "✗"} ${word(now.outcome)}`);
        say(cells[4], now.message);
        this.tick();
      },
      tick() {
        say(cells[3], took(this.now));
      },
    };
  }

  function resultView() {
    const text = h("div", {});
    const problem = h("p", { class: "error", role: "alert" });
    let whole = null;
    const button = h("button", { type: "button", onclick: async () => {
      say(problem, "");
      try {
        const { result } = await api.get(path("/result"));
        release();
        const cut = result.length > MOST_SHOWN;
        if (cut) whole = URL.createObjectURL(new Blob([result], { type: "text/plain;charset=utf-8" }));
        text.replaceChildren(...[h("pre", { class: "said result", tabindex: "0", "aria-label": "Result" }, cut ? result.slice(0, MOST_SHOWN) : result || "(empty)"),
          cut ? h("p", { class: "hint" }, `The first ${count(MOST_SHOWN)} of ${count(result.length)} characters. `,
            h("a", { href: whole, download: `${task}.txt` }, "Save all of it")) : null].filter(Boolean));
      } catch (failure) {
        say(problem, failure.message);
      }
    } }, "Show the result");
    const element = h("div", {}, h("h3", {}, "Result"), button, problem, text);

    function release() {
      if (whole !== null) URL.revokeObjectURL(whole);
      whole = null;
    }

    return { element, release };
  }

  function update() {
    const now = model.tasks.get(task);
    if (built === null || now === undefined) return;
    const over = isOver(now.state);
    mark(body, "data-mood", moodOf(now.state));
    say(built.sign, signOf(now.state));
    say(built.state, word(now.state));
    say(built.why, now.why);
    cancel.hidden = over;
    retry.hidden = !over;
    const facts = [["Role", now.role], ["Workflow", now.workflow], ["Needs", now.needs?.join(", ")], ["Step", now.workflow ? now.step + 1 : null], ["Round", now.round || null],
      ["Branch", now.branch], ["Took", took(now)], ["Ended", now.ended ? clock(now.ended) : null], ["Cost", now.spend?.cost ? `$${now.spend.cost.toFixed(2)}` : null]].filter(([, value]) => value);
    const text = JSON.stringify(facts);
    if (built.told !== text) {
      built.told = text;
      built.facts.replaceChildren(...facts.map(([name, value]) => h("div", {}, h("dt", {}, `${name} `), h("dd", {}, String(value)))));
    }
    built.attempts.show(model.attemptsOf(task));
    built.questions.show(model.questionsOf(task));
    built.result.element.hidden = now.state !== "completed" && now.state !== "skipped" && now.attempts === 0;
    tick();
  }

  function tick() {
    const now = model.tasks.get(task);
    if (built === null || now === undefined) return;
    const waits = now.until && !isOver(now.state) && Date.parse(now.until) > Date.now();
    say(built.until, waits ? `goes on in ${until(now.until)}` : "");
    for (const one of built.attempts.values()) if (!one.now.ended) one.tick();
  }

  return {
    element,
    show(wanted) {
      if (wanted === task && built !== null) return;
      built?.result.release();
      task = wanted !== null && model.tasks.has(wanted) ? wanted : null;
      built = null;
      say(title, task === null ? "Task" : `Task ${task}`);
      [cancel.hidden, retry.hidden] = [true, true];
      output.show(model.id, task);
      if (task === null) {
        body.replaceChildren(nothing());
        return;
      }
      build();
      update();
    },
    get task() {
      return task;
    },
    update,
    tick,
    output(lines) {
      output.add(lines.filter(([of]) => of === task).map(([, line]) => line));
    },
    /** Lines may be missing. */
    reread() {
      if (task !== null) output.show(model.id, task);
    },
    stop() {
      built?.result.release();
    },
  };
}
