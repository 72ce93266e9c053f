// The room of the models: what the gateway stands for, and how the new waits do beside the old ones.

import { h } from "./dom.js";
import { errorPanel } from "./model-errors.js";
import { rolloutPanel } from "./model-rollout.js";
import { routePanel } from "./model-routes.js";

/** Shows the room; gives a function that takes it down. */
export function mount(root, context) {
  const parts = [rolloutPanel(context), routePanel(context), errorPanel(context)];
  root.append(h("h1", { class: "hidden" }, "Models"), ...parts.map((part) => part.element));
  return () => parts.forEach((part) => part.stop());
}
