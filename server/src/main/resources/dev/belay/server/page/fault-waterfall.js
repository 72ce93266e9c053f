// A trace as bars over time, each below the one that caused it, with what was struck marked.

import { h } from "./dom.js";
import { length } from "./format.js";

const seconds = (nanos) => length(nanos / 1e9);

function bar({ depth, name, from_ns: from, duration_ns: took, error, fault }, scale) {
  const fill = h("i", { class: [error ? "error" : "span", fault ? "struck" : ""].filter(Boolean).join(" ") });
  fill.style.left = `min(${(100 * from) / scale}%, 100% - 3px)`; // never too thin to be seen
  fill.style.width = `${(100 * Math.min(took, scale - from)) / scale}%`;
  const label = h("span", { class: "name", title: name }, name);
  label.style.paddingLeft = `${Math.min(depth, 12) * 9}px`;
  const signs = [fault ? h("b", { class: "strike" }, `⚡ ${fault}`) : null, error ? h("b", { class: "broke" }, "✗ failed") : null];
  return h("li", { "data-struck": fault ? "" : null }, h("span", { class: "what" }, label, ...signs), h("span", { class: "took" }, seconds(took)),
    h("span", { class: "track", "aria-hidden": "true" }, fill));
}

/** `scale` is the nanoseconds that the whole width stands for; the same for those side by side. */
export function waterfall(title, bars, nanos, left, scale) {
  return h("figure", { class: "waterfall" }, h("figcaption", {}, `${title}, ${seconds(nanos)}`),
    h("ol", { "aria-label": title }, ...bars.map((one) => bar(one, Math.max(1, scale)))),
    left > 0 ? h("p", { class: "hint" }, `and ${left} more ${left === 1 ? "span" : "spans"}`) : null);
}
