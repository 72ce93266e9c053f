// A run as a whole: how it stands, what can be done about it, and who does its tasks.

import { confirm, toast } from "./dialogs.js";
import { h, mark, panel, say } from "./dom.js";
import { left, word } from "./format.js";
import { backendTable } from "./run-backends.js";
import { isOver, moodOf, signOf, took } from "./run-words.js";

/** `acted()` hears when somebody has done something to the run here. */
export function headPanel({ api }, model, acted) {
  const backends = backendTable(api, acted);
  const standing = h("p", { class: "standing", role: "status" });
  const about = h("p", { class: "hint about-run" });
  const problem = h("p", { class: "error", role: "alert" });
  const lost = h("div", { class: "run-lost", id: "run-lost", role: "alert", hidden: true });
  const lostText = h("span", {});
  lost.append(lostText, " ", h("button", { type: "button", onclick: () => model.retryNow() }, "Try now"));
  const cancel = h("button", { type: "button", hidden: true, onclick: async () => {
    if (await confirm({ title: "Cancel this run?", action: "Cancel this run", keep: "Let it go on",
      text: "All its agents are ended. What is completed stays, and the run can be resumed." })) await act("cancel", "Cancelled");
  } }, "Cancel run");
  const resume = h("button", { type: "button", hidden: true, onclick: () => act("resume", "Goes on") }, "Resume run");
  const empty = h("p", { class: "empty" }, "Choose a run to see it.");
  const content = h("div", { hidden: true }, standing, about, problem, backends.element);
  const element = panel("run", "Run", [cancel, resume], lost, empty, content);
  const title = element.querySelector("h2");

  async function act(what, done) {
    const id = model.id;
    [cancel.disabled, resume.disabled] = [true, true];
    say(problem, "");
    try {
      await api.post(`runs/${encodeURIComponent(id)}/${what}`);
      toast(done);
    } catch (failure) {
      if (id === model.id) say(problem, failure.message);
    }
    [cancel.disabled, resume.disabled] = [false, false];
    acted();
  }

  function update() {
    const { run } = model;
    lost.hidden = model.standing !== "lost";
    tickLost();
    empty.hidden = run !== null;
    content.hidden = run === null;
    say(empty, model.id === null ? "Choose a run to see it." : model.standing === "gone" ? `There is no run ${model.id}.` : "…");
    say(title, run === null ? "Run" : run.name || `Run ${run.run}`);
    cancel.hidden = run === null || isOver(run.state);
    resume.hidden = run === null || run.state === "running" || run.state === "completed";
    if (run === null) return;
    mark(standing, "data-mood", moodOf(run.state));
    backends.show(model);
    tick();
  }

  function tickLost() {
    if (model.standing === "lost") say(lostText, `The connection to this run is lost; trying again: ${left(model.retryAt - Date.now())}.`);
  }

  function tick() {
    tickLost();
    const { run } = model;
    if (run === null) return;
    say(standing, `${signOf(run.state)} ${word(run.state)}${run.why ? `: ${run.why}` : ""}`);
    say(about, [run.run, took(run), run.directory, run.spend?.cost ? `$${run.spend.cost.toFixed(2)}` : ""].filter(Boolean).join(" · "));
    backends.tick();
  }

  return {
    element,
    update,
    tick,
    /** Another run: what was wrong with the last is of no interest. */
    clear() {
      say(problem, "");
      update();
    },
  };
}
