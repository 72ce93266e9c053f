// Building and changing elements. Texts always go in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("td", {class: "num", onclick: f, "aria-label": "x"}, "text", child)`. */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for drawings. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets a text; leaves the element alone if it says so already. */
export function say(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) element.textContent = wanted;
}

/** Sets an attribute, or takes it away for null; leaves it alone if it is right. */
export function mark(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/**
 * Makes the children of `parent` those of `items`, in order: what is there is updated where it
 * stands, and only what changed place moves. Focus stays where it was.
 */
export class Rows {
  #parent;
  #key;
  #make;
  #rows = new Map();

  /** `make(item)` gives `{element, update(item)}`. */
  constructor(parent, key, make) {
    this.#parent = parent;
    this.#key = key;
    this.#make = make;
  }

  show(items) {
    const focused = document.activeElement;
    const left = new Set(this.#rows.keys());
    items.forEach((item, place) => {
      const key = this.#key(item);
      left.delete(key);
      let row = this.#rows.get(key);
      if (!row) this.#rows.set(key, (row = this.#make(item)));
      row.update(item);
      const there = this.#parent.children[place];
      if (there !== row.element) this.#parent.insertBefore(row.element, there ?? null);
    });
    for (const key of left) {
      this.#rows.get(key).element.remove();
      this.#rows.delete(key);
    }
    if (focused?.isConnected && focused !== document.activeElement && this.#parent.contains(focused)) {
      focused.focus({ preventScroll: true });
    }
  }

  get(key) {
    return this.#rows.get(key);
  }

  values() {
    return this.#rows.values();
  }
}

/** A titled part of a room. */
export function panel(id, title, tools, ...content) {
  const heading = h("h2", { id: `${id}-title` }, title);
  return h(
    "section",
    { class: "panel", id, "aria-labelledby": `${id}-title` },
    h("div", { class: "panel-head" }, heading, h("div", { class: "tools" }, ...tools)),
    ...content,
  );
}

/** One choice out of few, as buttons side by side. `choose(value)` hears of changes. */
export function choice(label, options, chosen, choose) {
  const buttons = options.map(([value, text]) =>
    h("button", { type: "button", "data-value": value, "aria-pressed": value === chosen ? "true" : "false",
      onclick: () => pick(value) }, h("span", {}, text)));
  function pick(value) {
    buttons.forEach((button) => mark(button, "aria-pressed", button.dataset.value === value ? "true" : "false"));
    choose(value);
  }
  return h("div", { class: "choice", role: "group", "aria-label": label }, ...buttons);
}
