// The room of the runs: plans that agents carry out. The address says which run and which task are
// shown, so that they can be linked and survive a reload: #runs/RUN/TASK.

import { h } from "./dom.js";
import { detailPanel } from "./run-detail.js";
import { headPanel } from "./run-head.js";
import { listPanel } from "./run-list.js";
import { RunModel } from "./run-model.js";
import { planPanel } from "./run-plan.js";
import { isOver } from "./run-words.js";

function address() {
  const [, run, task] = location.hash.slice(1).split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return "";
    }
  });
  return { run: run || null, task: task || null };
}

/** Shows the room; gives a function that takes it down. */
export function mount(root, context) {
  let wanted = null; // a task to be shown as soon as it is known
  const model = new RunModel(context.api, told);
  const list = listPanel(context, (run) => go(run, null), (run) => { if (!isOver(run.state)) model.again(); });
  const head = headPanel(context, model, acted);
  const plan = planPanel(model, (task) => go(model.id, task));
  const detail = detailPanel(context, model, acted);

  function go(run, task) {
    history.replaceState(null, "", `#${["runs", run, task].filter(Boolean).map(encodeURIComponent).join("/")}`);
    follow();
  }

  function follow() {
    const { run, task } = address();
    wanted = task;
    if (run !== model.id) {
      model.open(run);
      list.mark(run);
      detail.show(null);
      head.clear();
      plan.draw();
    }
    choose();
  }

  function choose() {
    plan.select(wanted);
    if (wanted === null || model.tasks.has(wanted)) detail.show(wanted);
  }

  function acted() {
    model.again();
    parts.soon(200);
    list.reload();
  }

  function told(changes) {
    if (changes.all) {
      const before = detail.task;
      plan.draw();
      choose();
      if (before === detail.task) detail.reread();
    }
    head.update();
    plan.update(changes.tasks);
    if (changes.all || changes.tasks.has(detail.task)) detail.update();
    detail.output(changes.output);
    if (changes.gap) detail.reread();
    if (changes.parts) parts.soon(300);
    if (model.run !== null && (changes.all || changes.run || changes.tasks.size > 0)) {
      list.tell(model.run, [...model.tasks.values()]);
    }
  }

  function tick() {
    head.tick();
    plan.tick();
    detail.tick();
  }

  const parts = context.every(10_000, async () => {
    if (model.run !== null) await model.refreshParts();
  });
  const clock = setInterval(tick, 1000);
  const hash = () => { if (location.hash.startsWith("#runs")) follow(); };
  addEventListener("hashchange", hash);
  root.append(h("h1", { class: "hidden" }, "Runs"), list.element, head.element, plan.element, detail.element);
  follow();
  head.update();
  plan.draw();
  return () => {
    removeEventListener("hashchange", hash);
    clearInterval(clock);
    parts.stop();
    list.stop();
    model.stop();
    detail.stop();
  };
}
