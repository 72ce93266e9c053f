// One call with all that a person needs to decide it, and the form to do so. What somebody types is
// never touched by what comes from the server, until the review is settled.

import { toast } from "./dialogs.js";
import { choice, h, mark, panel, say } from "./dom.js";
import { clock, left, length, word } from "./format.js";

const NAME = "belay.reviewer";
const KINDS = {
  approve: { title: "Approve", done: "Approved", act: "Approve this answer", hint: "The answer stands as it is." },
  edit: { title: "Edit", done: "Edited", act: "Use this answer", hint: "The caller gets this answer instead.", field: "answer", label: "Answer" },
  retry: { title: "Ask again", done: "The model is asked again", act: "Ask again", hint: "The model is told this, beside what is wrong.", field: "note", label: "Note to the model" },
  reject: { title: "Reject", done: "Rejected", act: "Reject this call", hint: "The call fails, and its caller is told this.", field: "reason", label: "Reason" },
};

const said = (label, text) => [h("h3", {}, label), h("pre", { class: "said", tabindex: "0", "aria-label": label }, text || "(empty)")];

/** `decided()` hears when somebody has decided here. */
export function detailPanel({ api, every, on }, decided) {
  let ticket = null;
  let review = null;
  let at = 0;
  const standing = h("span", { class: "count", role: "status" });
  const body = h("div", {}, h("p", { class: "empty" }, "Choose a review to see it."));
  const element = panel("review", "What to decide", [standing], body);

  function show(wanted) {
    ticket = wanted;
    review = null;
    poll.now();
    if (matchMedia("(max-width: 860px)").matches) element.scrollIntoView(); // it stands below the list
  }

  async function load() {
    if (ticket === null) return;
    const asked = ticket;
    let now;
    try {
      now = await api.get(`reviews/${encodeURIComponent(asked)}`);
    } catch (failure) {
      if (failure.status !== 404 || asked !== ticket) throw failure;
      [ticket, review] = [null, null];
      say(standing, "");
      body.replaceChildren(h("p", { class: "empty" }, "This review is no longer kept."));
      return;
    }
    if (asked === ticket) take(now);
  }

  function take(now) {
    const changed = review?.ticket !== now.ticket || review.state !== now.state;
    review = now;
    at = performance.now();
    if (changed) body.replaceChildren(...content(now), ...(now.state === "open" ? [form(now)] : outcome(now)));
    tick();
  }

  function content(now) {
    const facts = [["Ticket", now.ticket], ["Tenant", now.tenant], ["Run", now.run_key], ["Attempts", now.attempts_made],
      ["Parked", clock(now.created)]].filter(([, value]) => value !== "");
    return [
      h("dl", { class: "facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, `${name} `), h("dd", {}, value)))),
      ...said("Question", now.question),
      ...said("Answer", now.answer.text),
      ...(now.answer.refusal ? said("Refusal", now.answer.refusal) : []),
      ...(now.answer.tool_calls.length ? said("Tool calls", JSON.stringify(now.answer.tool_calls, null, 2)) : []),
      h("h3", {}, "What is wrong"),
      h("ol", { class: "wrongs" }, ...now.problems.toReversed().map((problem) => h("li", {}, h("b", {}, word(problem.validator)), " ",
        problem.pointer ? h("code", {}, problem.pointer) : null, " ", problem.message))),
      h("details", {}, h("summary", {}, "The whole request"),
        h("pre", { class: "said", tabindex: "0", "aria-label": "The whole request" }, JSON.stringify(now.request, null, 2))),
    ];
  }

  function outcome(now) {
    if (!now.decision) return [h("h3", {}, "Nobody decided in time."), h("p", { class: "hint" }, "It can no longer be decided.")];
    const text = now.decision.answer ?? now.decision.note ?? now.decision.reason;
    return [h("h3", {}, `${word(now.state)} by ${now.reviewer} at ${clock(now.decided)}`), ...(text ? said("Decision", text) : [])];
  }

  function form(now) {
    let kind = "approve";
    const name = h("input", { id: "reviewer", maxlength: 200, autocomplete: "off", required: true, value: sessionStorage.getItem(NAME) ?? "" });
    const texts = Object.fromEntries(Object.entries(KINDS).filter(([, one]) => one.field).map(([key, one]) =>
      [key, h("textarea", { id: `decide-${one.field}`, rows: 6, maxlength: 200_000, "aria-describedby": "decide-hint",
        value: key === "edit" ? now.answer.text : "" })]));
    const parts = Object.fromEntries(Object.entries(texts).map(([key, text]) =>
      [key, h("div", { hidden: true }, h("label", { for: text.id }, KINDS[key].label), text)]));
    const extra = h("input", { id: "decide-extra", type: "number", min: 1, max: 20, value: 1 });
    const extraPart = h("div", { hidden: true }, h("label", { for: "decide-extra" }, "Attempts at the most"), extra);
    const hint = h("p", { class: "hint", id: "decide-hint" });
    const problem = h("p", { class: "error", role: "alert" });
    const act = h("button", { class: "primary" });

    function pick(wanted) {
      kind = wanted;
      for (const [key, part] of Object.entries(parts)) part.hidden = key !== kind;
      extraPart.hidden = kind !== "retry";
      say(hint, KINDS[kind].hint);
      say(act, KINDS[kind].act);
      act.className = kind === "reject" ? "danger" : "primary";
      complain(new Map(), "");
    }

    function complain(fields, message) {
      say(problem, message);
      mark(name, "aria-invalid", fields.has("reviewer") ? "true" : null);
      mark(extra, "aria-invalid", fields.has("extra_attempts") ? "true" : null);
      for (const [key, text] of Object.entries(texts)) mark(text, "aria-invalid", fields.has(KINDS[key].field) ? "true" : null);
    }

    async function decide() {
      const { field, done } = KINDS[kind];
      const decision = { type: kind, reviewer: name.value.trim(), ...(field && { [field]: texts[kind].value }),
        ...(kind === "retry" && { extra_attempts: Number(extra.value) }) };
      sessionStorage.setItem(NAME, decision.reviewer);
      act.disabled = true;
      try {
        const after = await api.post(`reviews/${encodeURIComponent(now.ticket)}/decision`, decision);
        toast(done);
        if (ticket === now.ticket) take(after);
      } catch (failure) {
        complain(failure.fields ?? new Map(), failure.message);
        if (failure.status === 409) {
          toast(failure.message, true); // the form goes away with the answer of somebody else
          poll.now();
        }
      }
      act.disabled = false;
      decided();
    }

    const element = h("form", { class: "decide", "aria-label": "Decision", oninput: () => complain(new Map(), ""),
      onsubmit: (event) => { event.preventDefault(); decide(); } },
      h("div", { class: "buttons" }, choice("Decision", Object.entries(KINDS).map(([key, one]) => [key, one.title]), kind, pick)),
      ...Object.values(parts), hint,
      h("div", { class: "fields" }, h("div", {}, h("label", { for: "reviewer" }, "Your name"), name), extraPart),
      problem, h("div", { class: "buttons" }, act));
    pick(kind);
    return element;
  }

  function tick() {
    if (review === null) return;
    const passed = (performance.now() - at) / 1000;
    const rest = review.seconds_left === null ? null : review.seconds_left - passed;
    say(standing, rest === null ? word(review.state) : rest > 300 ? `${length(Math.floor(rest / 60) * 60)} left`
      : rest > 0 ? `${left(rest * 1000)} left` : "time is over");
  }

  const timer = setInterval(tick, 1000);
  const poll = every(5000, load);
  const off = on((kind, data) => { if (kind === "review" && data.ticket === ticket) poll.soon(100); });
  return {
    element,
    show,
    stop() {
      clearInterval(timer);
      off();
      poll.stop();
    },
  };
}
