// The policy for all requests that name none: its nine fields, what they come to, and what to do
// when somebody else changes it meanwhile. The API alone says what is right; this only shows it.

import { toast } from "./dialogs.js";
import { h, mark, panel, say } from "./dom.js";
import { clock, length } from "./format.js";

const FIELDS = [
  ["max_attempts", "Attempts", "In all, the first included: 1 to 10", "number"],
  ["backoff_strategy", "Waits", "How they grow", ["exponential", "linear", "fixed"]],
  ["base_delay", "First wait", "0.1 to 60 s", "number"],
  ["multiplier", "Factor", "1.1 to 10, of exponential waits", "number"],
  ["max_backoff_delay", "Longest wait", "1 to 300 s", "number"],
  ["timeout", "Time for all", "In s, attempts and waits included; empty for no limit", "number"],
  ["retry_status_codes", "Status codes that are tried again", "408, 425, 429 and 500 to 599", "list"],
  ["jitter", "Spread the waits", "So that not all come back at once", "switch"],
  ["retry_non_idempotent", "Try POST and PATCH again too", "They may then take effect twice", "switch"],
];
const numeric = (text) => (text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text.trim());

/** The waits between attempts, in seconds; null if the fields do not allow that. */
export function waits(policy) {
  const { max_attempts: attempts, backoff_strategy: shape, base_delay: base, multiplier, max_backoff_delay: cap } = policy;
  const sound = Number.isInteger(attempts) && attempts >= 1 && attempts <= 10 && base > 0 && cap > 0 &&
    (shape !== "exponential" || multiplier > 1);
  if (!sound) return null;
  const all = [];
  let [now, before] = [1, 0];
  for (let i = 0; i < attempts - 1; i++) {
    const factor = { exponential: multiplier ** i, linear: i + 1, fixed: 1, fibonacci: now }[shape];
    [now, before] = [now + before, now];
    all.push(Math.min(base * factor, cap));
  }
  return all;
}

export function policyPanel({ api, every, on }) {
  let base = null; // what the form began with
  let etag = null;
  let saving = false;
  const controls = new Map();
  const hints = new Map();
  const since = h("span", { class: "count" }, "");
  const preview = h("ol", { class: "plan", "aria-label": "What a request goes through" });
  const total = h("p", { class: "hint", role: "status" }, "\u00a0");
  const problem = h("p", { class: "error", role: "alert" });
  const save = h("button", { class: "primary", disabled: true }, "Save");
  const undo = h("button", { type: "button", disabled: true, onclick: () => fill(base) }, "Discard changes");
  const conflict = h("div", { class: "conflict", role: "alert", hidden: true });
  const form = h("form", { oninput: changed, onsubmit: (event) => { event.preventDefault(); store(); } },
    h("div", { class: "fields" }, ...FIELDS.map(field)),
    h("h3", {}, "What a request goes through"), preview, total, conflict, problem, h("div", { class: "buttons" }, undo, save));
  const element = panel("policy", "Default retry policy", [since], form);

  function field([name, title, hint, kind]) {
    const id = `policy-${name}`;
    const props = { id, name, "aria-describedby": `${id}-hint`, autocomplete: "off" };
    const control = Array.isArray(kind) ? h("select", props, ...kind.map((option) => h("option", { value: option }, option)))
      : kind === "switch" ? h("input", { ...props, type: "checkbox" })
        : h("input", { ...props, type: "text", inputmode: kind === "number" ? "decimal" : "text" });
    controls.set(name, control);
    hints.set(name, h("span", { class: "hint", id: `${id}-hint`, "data-hint": hint }, hint));
    const label = h("label", { for: id }, title);
    return h("div", { class: `field ${kind === "switch" ? "switch" : ""}` }, ...(kind === "switch" ? [control, label] : [label, control]), hints.get(name));
  }

  function text(name, policy) {
    const value = policy[name];
    return value === null ? "" : Array.isArray(value) ? value.join(", ") : String(value);
  }

  function fill(policy) {
    for (const [name, , , kind] of FIELDS) {
      const control = controls.get(name);
      if (kind === "switch") control.checked = policy[name];
      else {
        if (Array.isArray(kind) && ![...control.options].some((option) => option.value === policy[name])) {
          control.append(h("option", { value: policy[name] }, policy[name]));
        }
        control.value = text(name, policy);
      }
    }
    complain(new Map(), "");
    changed();
  }

  /** What the form says; what is no number stays a text, and the API says so. */
  function read(name, kind) {
    const control = controls.get(name);
    if (kind === "switch") return control.checked;
    if (kind === "list") return control.value.split(/[\s,]+/).filter(Boolean).map(numeric);
    if (kind === "number") return name === "timeout" && control.value.trim() === "" ? null : numeric(control.value);
    return control.value;
  }

  function wanted() {
    return Object.fromEntries(FIELDS.map(([name, , , kind]) => [name, read(name, kind)]));
  }

  /** Only what differs, so that what the form does not know stays as it is. */
  function changes() {
    const form = wanted();
    return Object.fromEntries(Object.entries(form).filter(([name, value]) => String(value) !== String(base[name])));
  }

  function changed() {
    if (!base) return;
    const dirty = Object.keys(changes()).length > 0;
    undo.disabled = !dirty;
    save.disabled = !dirty || !conflict.hidden; // a conflict is settled by its own buttons
    plan(wanted());
  }

  function plan(policy) {
    const all = waits(policy);
    const limit = typeof policy.timeout === "number" ? policy.timeout : Infinity;
    const steps = [];
    let sum = 0;
    let high = 0;
    for (let i = 0; all && i <= all.length; i++) {
      steps.push(h("li", {}, `Attempt ${i + 1}`));
      if (i === all.length) break;
      const most = policy.jitter ? Math.min(all[i] * 1.5, policy.max_backoff_delay) : all[i];
      sum += policy.jitter ? all[i] / 2 : all[i];
      high += most;
      if (sum >= limit) {
        steps.push(h("li", { class: "stop" }, `the time for all ends before a wait of ${length(all[i])} does`));
        break;
      }
      steps.push(h("li", { class: "wait" }, policy.jitter ? `${length(all[i] / 2)} to ${length(most)}` : length(all[i])));
    }
    const shown = steps.map((step) => step.textContent).join();
    if (preview.dataset.shown !== shown) {
      preview.dataset.shown = shown;
      preview.replaceChildren(...steps);
    }
    say(total, !all ? "Not known until all fields are right."
      : all.length === 0 ? "No retry: what the first attempt brings is the answer."
        : `Waits of ${policy.jitter ? `up to ${length(high)}` : length(high)} in all, if every attempt fails` +
          `${limit === Infinity ? "" : `; never longer than ${length(limit)} with the attempts`}. A server's Retry-After makes a wait longer.`);
  }

  function complain(ranges, message) {
    say(problem, message);
    for (const [name, hint] of hints) {
      const range = [...ranges].find(([at]) => at.split(/[.[]/)[0] === name)?.[1];
      mark(controls.get(name), "aria-invalid", range === undefined ? null : "true");
      say(hint, range === undefined ? hint.dataset.hint : `Must be ${range}`);
      hint.classList.toggle("error", range !== undefined);
    }
  }

  async function store() {
    const patch = changes();
    save.disabled = saving = true;
    try {
      const answer = await api.call("PATCH", "retry/policy", patch, { "If-Match": etag });
      take(answer);
      toast("In force from the next request on");
    } catch (failure) {
      if (failure.status === 412) await clash().catch((lost) => complain(new Map(), lost.message));
      else complain(failure.fields ?? new Map(), failure.message);
      changed();
      form.querySelector("[aria-invalid]")?.focus();
    }
    saving = false;
  }

  function take({ body, etag: tag }) {
    base = body;
    etag = tag;
    say(since, `In force since ${clock(body.updated_at)}`);
    conflict.hidden = true;
    fill(body);
  }

  /** Somebody else changed it while it was being edited: show both, and let people decide. */
  async function clash() {
    const theirs = await api.call("GET", "retry/policy");
    const mine = changes();
    const rows = FIELDS.filter(([name]) => name in mine || String(theirs.body[name]) !== String(base[name]));
    const yours = wanted();
    const keep = h("button", { type: "button", onclick: () => {
      [base, etag] = [theirs.body, theirs.etag];
      conflict.hidden = true;
      // what was not touched here is theirs
      for (const [name, , , kind] of FIELDS) {
        if (name in mine) continue;
        if (kind === "switch") controls.get(name).checked = theirs.body[name];
        else controls.get(name).value = text(name, theirs.body);
      }
      changed();
      if (!save.disabled) store();
    } }, "Save mine over it");
    const shown = (value) => (value === null ? "none" : Array.isArray(value) ? value.join(", ") : String(value));
    conflict.replaceChildren(
      h("strong", {}, `Somebody changed the policy at ${clock(theirs.body.updated_at)}, while you were editing.`),
      h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Field"), h("th", { scope: "col" }, "In force"), h("th", { scope: "col" }, "Yours"))),
        h("tbody", {}, ...rows.map(([name, title]) => h("tr", {}, h("th", { scope: "row" }, title), h("td", {}, shown(theirs.body[name])),
          h("td", {}, name in mine ? shown(yours[name]) : "not touched"))))),
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => take(theirs) }, "Use what is in force"), keep));
    conflict.hidden = false;
    changed();
  }

  async function load() {
    const now = await api.call("GET", "retry/policy");
    if (saving) return;
    if (!base || (now.etag !== etag && Object.keys(changes()).length === 0)) take(now);
    else if (now.etag !== etag && conflict.hidden) await clash();
  }

  const poll = every(20_000, load);
  const off = on((kind, data) => { if (kind === "policy" && data.updated_at !== base?.updated_at) poll.soon(300); });
  return { element, stop: () => { off(); poll.stop(); } };
}
