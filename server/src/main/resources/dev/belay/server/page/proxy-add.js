// Adding proxies: one by a form, many from a list.

import { h, mark } from "./dom.js";
import { show } from "./dialogs.js";
import { count } from "./format.js";

const FIELDS = [
  ["url", "URL", "scheme://user:password@host:port, with http, https, socks4, socks4a, socks5 or socks5h"],
  ["region", "Region", "For example US-EAST"], ["country", "Country", "Two letters"],
  ["tags", "Tags", "Separated by commas"], ["weight", "Weight", "1 unless told"],
  ["cost", "Cost of a request", "0 unless told"], ["max_concurrent", "Attempts at once", "Without it there is no limit"],
];

/** A text of the form as the API takes it: what is no number stays a text, and the API says so. */
function value(name, text) {
  if (name === "tags") return text.split(",").map((tag) => tag.trim()).filter(Boolean);
  const number = ["weight", "cost", "max_concurrent"].includes(name) ? Number(text) : NaN;
  return Number.isNaN(number) ? text : number;
}

/** Gives whether one was added. */
export async function addProxy(api) {
  const problem = h("p", { class: "error", role: "alert" });
  const inputs = new Map(FIELDS.map(([name, , hint]) => [name, h("input", { id: `add-${name}`, autocomplete: "off", spellcheck: "false",
    required: name === "url", autofocus: name === "url", "aria-describedby": `add-${name}-hint` , placeholder: name === "url" ? "http://proxy.example:3128" : null, "data-hint": hint })]));
  const hints = new Map(FIELDS.map(([name, , hint]) => [name, h("span", { class: "hint", id: `add-${name}-hint` }, hint)]));
  const dialog = h("dialog", { class: "wide", "aria-labelledby": "dialog-title" },
    h("form", { onsubmit: submit }, h("h2", { id: "dialog-title" }, "Add a proxy"),
      h("div", { class: "fields" }, ...FIELDS.map(([name, title]) =>
        h("div", { class: name === "url" ? "field whole" : "field" }, h("label", { for: `add-${name}` }, title), inputs.get(name), hints.get(name)))),
      problem,
      h("div", { class: "buttons" },
        h("button", { type: "button", onclick: () => dialog.close("") }, "Cancel"), h("button", { class: "primary" }, "Add"))));

  async function submit(event) {
    event.preventDefault();
    const wanted = {};
    for (const [name, input] of inputs) {
      const text = input.value.trim();
      if (text) wanted[name] = value(name, text);
    }
    try {
      await api.post("proxies", wanted);
      dialog.close("added");
    } catch (failure) {
      const wrong = failure.fields ?? new Map();
      problem.textContent = failure.message;
      for (const [name, input] of inputs) {
        const range = [...wrong].find(([field]) => field.split(/[.[]/)[0] === name)?.[1];
        mark(input, "aria-invalid", range === undefined ? null : "true");
        hints.get(name).textContent = range ? `Must be ${range}` : input.dataset.hint;
        hints.get(name).classList.toggle("error", range !== undefined);
      }
    }
  }

  return (await show(dialog)) === "added";
}

/** Gives whether any was added. */
export async function importProxies(api) {
  const area = h("textarea", { id: "import-list", rows: 10, spellcheck: "false", autofocus: true, autocomplete: "off",
    placeholder: "http://user:password@proxy-1.example:3128\nsocks5h://10.0.0.7:1080\n10.0.0.8:3128", "aria-describedby": "import-hint" });
  const file = h("input", { type: "file", id: "import-file", accept: ".txt,text/plain", onchange: async () => {
    if (file.files[0]) area.value = await file.files[0].text();
  } });
  const result = h("div", { class: "import-result", role: "status" });
  const send = h("button", { class: "primary" }, "Import");
  let added = 0;
  const dialog = h("dialog", { class: "wide", "aria-labelledby": "dialog-title" },
    h("form", { onsubmit: submit }, h("h2", { id: "dialog-title" }, "Import proxies"),
      h("label", { for: "import-list" }, "One to a line"), area,
      h("p", { class: "hint", id: "import-hint" },
        "A URL, or host:port for an HTTP proxy. Up to 10,000; lines that are empty or begin with # are skipped."),
      h("label", { for: "import-file" }, "Or from a file"), file, result,
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close("") }, "Close"), send)));

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    try {
      const answer = await api.post("proxies/import", area.value);
      added += answer.added_count;
      area.value = "";
      file.value = "";
      result.replaceChildren(
        h("strong", {}, `${count(answer.added_count)} added, ${count(answer.known_count)} known already, ${count(answer.refused_count)} refused.`),
        h("ul", {}, ...answer.refused.slice(0, 100).map((one) => h("li", {}, `Line ${one.line}: ${one.reason}`))));
    } catch (failure) {
      result.replaceChildren(h("span", { class: "error" }, failure.message));
    }
    send.disabled = false;
  }

  await show(dialog);
  return added > 0;
}
