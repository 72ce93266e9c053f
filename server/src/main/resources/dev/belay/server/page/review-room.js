// The room of the reviews: calls to models that wait for a person, and what to do about each.

import { h } from "./dom.js";
import { detailPanel } from "./review-detail.js";
import { listPanel } from "./review-list.js";

/** Shows the room; gives a function that takes it down. */
export function mount(root, context) {
  const list = listPanel(context, (ticket) => detail.show(ticket));
  const detail = detailPanel(context, () => list.reload());
  root.append(h("h1", { class: "hidden" }, "Reviews"), list.element, detail.element);
  return () => {
    list.stop();
    detail.stop();
  };
}
