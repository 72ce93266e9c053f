// The form that starts a session.

import { show } from "./dialogs.js";
import { h, mark, say } from "./dom.js";

const SPACE = '{"dimensions": [\n  {"name": "fault_type", "type": "categorical", "values": ["delay", "abort"]},\n  {"name": "delay_ms", "type": "integer", "bounds": [100, 5000]}]}';
const SERVICE = "belay.faults.service";

/** Gives the id of the session; null if it was called off. */
export async function startSession(faults, services) {
  const service = h("select", { id: "fault-service", required: true, autofocus: true },
    ...services.map((name) => h("option", { value: name }, name)));
  const before = sessionStorage.getItem(SERVICE);
  if (services.includes(before)) service.value = before;
  const trials = h("input", { id: "fault-trials", type: "number", min: 1, max: 1000, step: 1, placeholder: "as the server is set" });
  const minutes = h("input", { id: "fault-minutes", type: "number", min: 1, max: 1440, step: 1, placeholder: "as the server is set" });
  const seed = h("input", { id: "fault-seed", inputmode: "numeric", pattern: "[0-9]{1,15}", autocomplete: "off", placeholder: "by chance", title: "A whole number of up to 15 digits" });
  const space = h("textarea", { id: "fault-space", rows: 6, spellcheck: "false", autocomplete: "off", placeholder: SPACE });
  const problem = h("p", { class: "error", role: "alert" });
  const send = h("button", { class: "primary" }, "Start");
  const fields = new Map([["service_name", service], ["max_trials", trials], ["time_budget_sec", minutes], ["seed", seed], ["search_space", space]]);
  const more = h("details", {}, h("summary", {}, "A space of dimensions"),
    h("p", { class: "hint", id: "fault-space-hint" }, "Only for systems without traces: without it, every call that the traces of the healthy system show is tried."),
    h("label", { for: "fault-space", class: "hidden" }, "Search space, as JSON"), space);
  let session = null;
  const dialog = h("dialog", { class: "wide", "aria-labelledby": "dialog-title" },
    h("form", { onsubmit: submit }, h("h2", { id: "dialog-title" }, "Start a session"),
      h("div", { class: "fields" },
        field("Service", service, "One of chaos.services of belay.yaml."), field("Trials", trials, "1 to 1,000."),
        field("Time budget, minutes", minutes, "1 to 1,440; it ends with whichever comes first."),
        field("Seed", seed, "The same seed and the same observations give the same trials.")),
      more, problem,
      h("p", { class: "hint" }, "Faults are put in force on a real system, within the guard of belay.yaml, and taken back after each trial."),
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close("") }, "Cancel"), send)));

  function field(label, input, hint) {
    return h("div", { class: "field" }, h("label", { for: input.id }, label), input, h("span", { class: "hint" }, hint));
  }

  function spec() {
    const wanted = { service_name: service.value };
    if (trials.value !== "") wanted.max_trials = trials.valueAsNumber;
    if (minutes.value !== "") wanted.time_budget_sec = minutes.valueAsNumber * 60;
    if (seed.value !== "") wanted.seed = Number(seed.value);
    if (space.value.trim() !== "") wanted.search_space = JSON.parse(space.value);
    return wanted;
  }

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    say(problem, "");
    let wrong = null;
    try {
      session = await faults.start(spec());
      sessionStorage.setItem(SERVICE, service.value);
      dialog.close("started");
    } catch (failure) {
      const notJson = failure instanceof SyntaxError;
      say(problem, notJson ? `The space is not JSON: ${failure.message}` : failure.message);
      wrong = notJson ? "search_space" : [...(failure.fields?.keys() ?? [])][0]?.split(/[.[]/)[0] ?? null;
    }
    for (const [name, input] of fields) mark(input, "aria-invalid", name === wrong ? "true" : null);
    if (wrong === "search_space") more.open = true;
    fields.get(wrong)?.focus();
    send.disabled = false;
  }

  await show(dialog);
  return session;
}
