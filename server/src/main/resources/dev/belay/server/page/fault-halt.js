// The switch that takes all faults back. While it is thrown, a red band says so in every session.

import { attempt } from "./dialogs.js";
import { h, say } from "./dom.js";

function inForceText(policies) {
  if (policies === 0) return "no fault in force";
  return policies === 1 ? "1 policy of faults in force" : `${policies} policies of faults in force`;
}

/** `changed()` hears that somebody has thrown it here. */
export function haltSwitch(faults, changed) {
  const resume = h("button", { type: "button", onclick: () => act(() => faults.resume(), "Faults may be put in force again") }, "Let faults in again");
  const band = h("div", { class: "halted", id: "halted", role: "alert", hidden: true },
    h("span", {}, h("strong", {}, "All faults are halted. "),
      "None is in force, all sessions were ended, and no new fault comes in until you let them in again."), resume);
  // no question before it: whoever wants this wants it now
  const halt = h("button", { type: "button", class: "danger", onclick: () => act(() => faults.halt(), "All faults are halted") }, "Halt all faults");
  const inForce = h("span", { class: "count", id: "in-force" });
  let halted = null;

  async function act(what, done) {
    [halt.disabled, resume.disabled] = [true, true];
    await attempt(what, done);
    [halt.disabled, resume.disabled] = [false, false];
    await load();
    changed();
  }

  async function load() {
    const now = await faults.halted();
    halted = now.status === "halted";
    band.hidden = !halted;
    halt.hidden = halted;
    say(inForce, halted ? "" : inForceText(now.in_force));
  }

  return { band, halt, inForce, load, get halted() { return halted; } };
}
