// Puts the page together: token, connection, and one tab for each room.

import { Api, Unreachable } from "./api.js";
import { askToken } from "./dialogs.js";
import { h, mark, say } from "./dom.js";
import { clock, left } from "./format.js";
import { EventFeed } from "./stream.js";

/** A room is a module with `mount(root, context)`, which gives a function that takes it down. */
const ROOMS = [
  { id: "proxies", title: "Proxies", load: () => import("./proxy-room.js") },
  { id: "models", title: "Models", load: () => import("./model-room.js") },
  { id: "reviews", title: "Reviews", load: () => import("./review-room.js") },
  { id: "runs", title: "Runs", load: () => import("./run-room.js") },
  { id: "faults", title: "Faults", load: () => import("./fault-room.js") },
];

const element = (id) => document.getElementById(id);
const api = new Api(askToken);
const feed = new EventFeed(api);
const connection = { state: "connecting", since: Date.now(), retryAt: 0 };

function showConnection() {
  const lost = connection.state === "lost" && Date.now() - connection.since > 700;
  const shown = element("connection");
  mark(shown, "title", connection.state === "limited" ? "The server has no room for one more reader of events; figures are still asked for every few seconds" : null);
  const state = connection.state === "lost" && !lost ? "live" : connection.state;
  mark(shown, "data-state", state);
  say(shown, { live: "Live", limited: "No live events", lost: "Not connected", connecting: "Connecting" }[state]);
  element("lost").hidden = !lost;
  document.body.classList.toggle("stale", lost);
  if (lost) say(lostText, `No connection to the server. What you see is as of ${clock(connection.since)}. ` +
    `Trying again: ${left(connection.retryAt - Date.now())}.`);
  element("forget").hidden = !api.hasToken;
}

const lostText = h("span", {});
element("lost").append(lostText, h("button", { type: "button", onclick: () => feed.retryNow() }, "Try now"));
element("forget").addEventListener("click", () => { api.forget(); location.reload(); });

feed.addEventListener("state", ({ detail }) => {
  if (detail.state !== connection.state) connection.since = Date.now();
  const back = detail.state !== "lost" && connection.state !== detail.state;
  Object.assign(connection, { retryAt: 0 }, detail);
  showConnection();
  if (back) context.refresh();
});
setInterval(showConnection, 250);

/** What rooms get. */
const context = {
  api,
  /** Hears of an event of the server; gives a function that ends that. */
  on(listener) {
    const hear = ({ detail }) => listener(detail.kind, detail.data);
    feed.addEventListener("event", hear);
    return () => feed.removeEventListener("event", hear);
  },
  polls: new Set(),
  /**
   * Calls again and again, `millis` after the last time was over; not while nobody looks or the
   * connection is lost. Gives a poll that can be asked to `now()` or to `stop()`.
   */
  every(millis, act) {
    const poll = new Poll(millis, act);
    context.polls.add(poll);
    poll.now();
    return poll;
  },
  /** Everything anew. */
  refresh() {
    context.polls.forEach((poll) => poll.now());
  },
};

class Poll {
  #millis;
  #act;
  #timer = 0;
  #due = Infinity;
  #running = false;
  #again = false;

  constructor(millis, act) {
    this.#millis = millis;
    this.#act = act;
  }

  now() {
    this.soon(0);
  }

  /** At the latest in so many milliseconds. */
  soon(millis) {
    this.#again = this.#running;
    const due = performance.now() + millis;
    if (this.#running || due >= this.#due) return; // many wishes must not put it off
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#run(), millis);
  }

  async #run() {
    this.#due = Infinity;
    if (document.hidden || connection.state === "lost") {
      this.soon(this.#millis);
      return;
    }
    this.#running = true;
    try {
      await this.#act();
    } catch (failure) {
      if (!(failure instanceof Unreachable)) console.warn(failure);
    }
    this.#running = false;
    this.soon(this.#again ? 100 : this.#millis);
  }

  stop() {
    context.polls.delete(this);
    clearTimeout(this.#timer);
    this.#act = async () => {};
    this.#millis = 1 << 30;
  }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden) context.refresh(); });

/** The address may name something of a room, too: "#runs/261128-101500-1a2b". */
const addressed = () => ROOMS.find((room) => location.hash === `#${room.id}` || location.hash.startsWith(`#${room.id}/`));

let leave = () => {};
let entered = null;
async function enter(room) {
  leave();
  leave = () => {};
  entered = room;
  for (const tab of element("tabs").children) {
    const chosen = tab.dataset.room === room.id;
    mark(tab, "aria-selected", chosen ? "true" : "false");
    mark(tab, "tabindex", chosen ? "0" : "-1");
  }
  mark(element("room"), "aria-labelledby", `tab-${room.id}`);
  const { mount } = await room.load();
  if (entered !== room) return; // somebody was faster
  element("room").replaceChildren();
  leave = mount(element("room"), context);
}

element("tabs").append(...ROOMS.map((room) =>
  h("button", { type: "button", role: "tab", id: `tab-${room.id}`, "data-room": room.id, "aria-controls": "room",
    onclick: () => { history.replaceState(null, "", `#${room.id}`); enter(room); } }, room.title)));
element("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...element("tabs").children];
  const next = tabs[(tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length];
  next.focus();
  next.click();
});

addEventListener("hashchange", () => {
  const room = addressed();
  if (room && room !== entered) enter(room);
});
enter(addressed() ?? ROOMS[0]);
feed.run();
