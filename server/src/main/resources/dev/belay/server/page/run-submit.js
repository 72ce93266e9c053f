// The form for a plan, with what is wrong with it.

import { show } from "./dialogs.js";
import { h, mark } from "./dom.js";

const DIRECTORY = "belay.directory";
const EXAMPLE = "name: hello\nbackends:\n  shell: {type: command, command: [sh, -s]}\ntasks:\n  - {id: a, backend: shell, prompt: echo one}\n  - {id: b, backend: shell, needs: [a], prompt: echo two}\n";

/** Where a place such as "tasks.b.needs" or "backends.shell" is in a text; 0 if that is not plain. */
function lineOf(text, place) {
  const [, kind, name] = /^(tasks|backends|roles|workflows)[.[]["']?([\w-]+)/.exec(place ?? "") ?? [];
  if (!name) return 0;
  const wanted = name.replaceAll("-", "\\-");
  const pattern = new RegExp(kind === "tasks" ? `\\bid:\\s*["']?${wanted}["']?\\s*(,|\\}|#|$)` : `^\\s*["']?${wanted}["']?\\s*:`, "u");
  return text.split("\n").findIndex((line) => pattern.test(line)) + 1;
}

/** Gives the id of the run; null if it was called off. */
export async function submitPlan(api) {
  const area = h("textarea", { id: "plan", rows: 16, spellcheck: "false", autocomplete: "off", autofocus: true, required: true,
    placeholder: EXAMPLE, "aria-describedby": "plan-problems" });
  const directory = h("input", { id: "plan-directory", autocomplete: "off", spellcheck: "false", required: true, placeholder: "/home/me/project",
    value: sessionStorage.getItem(DIRECTORY) ?? "", "aria-describedby": "directory-hint" });
  const problems = h("div", { class: "plan-problems", id: "plan-problems", role: "alert" });
  const send = h("button", { class: "primary" }, "Run it");
  let run = null;
  const dialog = h("dialog", { class: "wide", "aria-labelledby": "dialog-title" },
    h("form", { onsubmit: submit }, h("h2", { id: "dialog-title" }, "Submit a plan"),
      h("label", { for: "plan" }, "Plan, as YAML"), area, problems,
      h("label", { for: "plan-directory" }, "Directory"), directory,
      h("p", { class: "hint", id: "directory-hint" }, "Where its agents work, on the machine of the server. They act with the server's rights."),
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close("") }, "Cancel"), send)));

  /** One to a line, with a button that leads to it. */
  function problem({ line, place, message }) {
    const at = line ?? lineOf(area.value, place);
    const text = line || !place ? message : `${place}: ${message}`;
    return h("li", {}, at > 0 ? h("button", { type: "button", class: "quiet", onclick: () => goTo(at) }, `Line ${at}`) : null, " ", text);
  }

  function goTo(line) {
    const lines = area.value.split("\n");
    const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.focus();
    area.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0));
  }

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    try {
      sessionStorage.setItem(DIRECTORY, directory.value.trim());
      ({ run } = await api.post("runs", { plan: area.value, directory: directory.value.trim() }));
      dialog.close("submitted");
    } catch (failure) {
      const all = failure.details?.problems ?? [];
      const ofFields = failure.fields ?? new Map();
      const place = ofFields.has("directory") || all.some((one) => one.place === "directory");
      mark(directory, "aria-invalid", place ? "true" : null);
      mark(area, "aria-invalid", all.length > 0 && !place ? "true" : null);
      problems.replaceChildren(h("p", { class: "error" }, failure.message), h("ol", {}, ...all.slice(0, 100).map((one) =>
        one.message === undefined ? h("li", {}, `${one.field}: must be ${one.range}`) : problem(one))));
    }
    send.disabled = false;
  }

  await show(dialog);
  return run;
}
