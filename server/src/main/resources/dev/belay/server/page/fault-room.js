// The room of the faults: sessions that search systems for the faults that break them. The address
// says which session and which defect, by the trial that found it, are shown: #faults/SESSION/TRIAL.

import { h } from "./dom.js";
import { FaultApi } from "./fault-api.js";
import { curvePanel } from "./fault-curve.js";
import { defectPanel } from "./fault-defects.js";
import { detailPanel } from "./fault-detail.js";
import { haltSwitch } from "./fault-halt.js";
import { headPanel } from "./fault-head.js";
import { heatPanel } from "./fault-heat.js";
import { listPanel } from "./fault-list.js";
import { mapPanel } from "./fault-map.js";
import { FaultModel } from "./fault-model.js";
import { safetyPanel, trialPanel } from "./fault-trials.js";

function address() {
  const [, session, trial] = location.hash.slice(1).split("/");
  return { session: session && /^[\w-]{1,64}$/.test(session) ? session : null, trial: /^\d{1,9}$/.test(trial ?? "") ? Number(trial) : null };
}

/** Shows the room; gives a function that takes it down. */
export function mount(root, context) {
  const faults = new FaultApi(context.api);
  const model = new FaultModel(context.api, faults, update);
  const halt = haltSwitch(faults, acted);
  const list = listPanel(context, faults, halt, (session) => go(session, null));
  const head = headPanel(faults, model, acted);
  const detail = detailPanel(model);
  const defects = defectPanel(model, (trial) => { go(model.id, trial); detail.reveal(); });
  const curves = curvePanel(model);
  const findings = [curves, defects, detail, mapPanel(model), heatPanel(model), trialPanel(model), safetyPanel(model)];

  function go(session, trial) {
    history.replaceState(null, "", `#${["faults", session, trial].filter((part) => part !== null).join("/")}`);
    follow();
  }

  function follow() {
    const { session, trial } = address();
    if (session !== model.id) {
      model.open(session);
      list.mark(session);
      head.clear();
    }
    defects.select(trial);
    detail.show(trial);
  }

  function update() {
    const nothing = model.id === null || model.standing === "gone";
    head.update();
    for (const part of findings) {
      part.update();
      part.element.hidden = nothing || part.idle === true;
    }
    if (model.view !== null) list.tell(model.view);
  }

  function acted() {
    if (model.id !== null) model.refresh();
    list.reload();
  }

  const clock = setInterval(() => head.tick(), 1000);
  const hash = () => { if (location.hash.startsWith("#faults")) follow(); };
  addEventListener("hashchange", hash);
  root.append(h("h1", { class: "hidden" }, "Faults"), halt.band, list.element, head.element, ...findings.map((part) => part.element));
  follow();
  update();
  return () => {
    removeEventListener("hashchange", hash);
    clearInterval(clock);
    list.stop();
    model.stop();
    curves.stop();
  };
}
