// What an agent wants to know, and the form to tell it.

import { toast } from "./dialogs.js";
import { h, mark, say } from "./dom.js";
import { clock } from "./format.js";

const NAME = "belay.reviewer";

/** A question as it stands; what somebody types stays until it is answered. */
export function questionView(api, run, made, changed) {
  const element = h("li", { class: "question" });
  const asked = [h("h4", {}, `Question ${made.number}, ${clock(made.asked)}`), h("pre", { class: "said" }, made.text)];
  const id = `answer-${made.number}`;
  const answer = h("textarea", { id, rows: 3, maxlength: 100_000, required: true });
  const name = h("input", { id: `${id}-by`, maxlength: 200, autocomplete: "off", required: true, value: sessionStorage.getItem(NAME) ?? "" });
  const problem = h("p", { class: "error", role: "alert" });
  const act = h("button", { class: "primary" }, "Answer");
  const form = h("form", { class: "decide", "aria-label": `Answer to question ${made.number}`, onsubmit: send },
    h("label", { for: id }, "Answer"), answer, h("label", { for: name.id }, "Your name"), name, problem, h("div", { class: "buttons" }, act));
  let open = null;

  async function send(event) {
    event.preventDefault();
    act.disabled = true;
    const by = name.value.trim();
    sessionStorage.setItem(NAME, by);
    try {
      await api.post(`runs/${encodeURIComponent(run)}/tasks/${encodeURIComponent(made.task)}/questions/${made.number}`, { answer: answer.value, by });
      toast("Answered");
    } catch (failure) {
      say(problem, failure.message);
      mark(answer, "aria-invalid", failure.fields?.has("answer") ? "true" : null);
      mark(name, "aria-invalid", failure.fields?.has("by") ? "true" : null);
    }
    act.disabled = false;
    changed();
  }

  return {
    element,
    update(now) {
      const unanswered = now.answer === null;
      if (unanswered === open) return;
      open = unanswered;
      element.replaceChildren(...asked, ...(open ? [form] : [h("h4", {}, `Answer of ${now.by || "nobody"}`), h("pre", { class: "said" }, now.answer)]));
    },
  };
}
