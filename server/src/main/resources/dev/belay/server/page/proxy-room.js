// The room of the proxies: what an operator of the pool looks at all day.

import { h } from "./dom.js";
import { feedPanel } from "./proxy-feed.js";
import { headline } from "./proxy-headline.js";
import { livePanel } from "./proxy-live.js";
import { policyPanel } from "./proxy-policy.js";
import { retriesPanel } from "./proxy-retries.js";
import { tablePanel } from "./proxy-table.js";
import { timelinePanel } from "./proxy-timeline.js";

/** Shows the room; gives a function that takes it down. */
export function mount(root, context) {
  const parts = [headline, tablePanel, timelinePanel, retriesPanel, livePanel, feedPanel, policyPanel]
    .map((part) => part(context));
  root.append(h("h1", { class: "hidden" }, "Proxies"), ...parts.map((part) => part.element));
  return () => parts.forEach((part) => part.stop());
}
