// For whom the new waits are in force, and how calls do with them beside the others.

import { attempt, confirm } from "./dialogs.js";
import { h, mark, panel, say, svg } from "./dom.js";
import { NONE, count, day, length, minute, share } from "./format.js";

const WIDTH = 360;
const HEIGHT = 110;

/** What is compared: a name, how to read it, how to write it, and whether less is better. */
const ROWS = [
  ["Calls", (side) => side.calls, count, false],
  ["Calls without an answer", (side) => (side.recent_calls ? side.error_rate : null), share, true],
  ["p95 of a call", (side) => (side.recent_calls ? side.p95_ms / 1000 : null), length, true],
  ["Attempts for each call", (side) => (side.calls ? side.attempts / side.calls : null), (n) => n.toFixed(2), true],
  ["Wasted calls", (side) => side.wasted_calls, count, true],
  ["Hints honoured", (side) => (side.hints_seen ? side.hints_honoured / side.hints_seen : null), share, false],
  ["Mean wait", (side) => (side.retries ? side.mean_wait_ms / 1000 : null), length, false],
  ["Mean time to recovery", (side) => (side.recoveries ? side.mean_recovery_ms / 1000 : null), length, true],
];

export function rolloutPanel({ api, every }) {
  const standing = h("p", { class: "standing", "aria-live": "polite" });
  const problem = h("p", { class: "error", role: "alert", hidden: true });
  const halt = h("button", { type: "button", onclick: stopIt }, "Halt the rollout");
  const resume = h("button", { type: "button", hidden: true, onclick: goOn }, "Resume");
  const cells = ROWS.map(([name]) => ({ name, baseline: h("td", { class: "num" }), fresh: h("td", { class: "num" }) }));
  const table = h("table", { class: "sides" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Of late"), h("th", { scope: "col", class: "num" }, "Baseline"),
      h("th", { scope: "col", class: "num" }, "New waits"))),
    h("tbody", {}, ...cells.map((row) => h("tr", { "data-row": row.name }, h("th", { scope: "row" }, row.name), row.baseline, row.fresh))));
  const drawing = svg("svg", { class: "chart waits", role: "img", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: "100%", height: HEIGHT });
  const would = h("p", { class: "hint" });
  const content = h("div", { class: "rollout" }, table,
    h("div", {}, h("h3", {}, "Waits before attempts"),
      h("p", { class: "legend" }, h("i", { class: "baseline" }), "Baseline", h("i", { class: "fresh" }), "New waits"), drawing, would));
  const element = panel("rollout", "Rollout of the new waits", [halt, resume], standing, problem, content);

  async function stopIt() {
    const sure = await confirm({ title: "Halt the rollout?", action: "Halt",
      text: "From the next call on, everybody waits in the old way, until it is resumed." });
    if (!sure) return;
    await attempt(() => api.post("llm/rollout/halt", { reason: "halted on the page" }), "The rollout is halted.");
    poll.now();
  }

  async function goOn() {
    await attempt(() => api.post("llm/rollout/resume"), "The rollout goes on, from its first stage.");
    poll.now();
  }

  function words(rollout) {
    if (rollout.flag === "on") return "On for all calls: the environment variable says so.";
    if (rollout.flag === "off") return "Off for all calls: the environment variable says so.";
    if (!rollout.enabled) return "Off: the models file says so.";
    if (rollout.halted) return `Halted: ${rollout.halted}. Everybody waits in the old way.`;
    return `In force for ${rollout.percent}% of the runs (${rollout.preset}), since ${day(rollout.since)} ${minute(rollout.since)}.`;
  }

  function draw(fresh, baseline) {
    const ends = fresh.waits.map((range) => range.up_to_ms);
    const most = Math.max(1, ...fresh.waits.map((r) => r.count), ...baseline.waits.map((r) => r.count));
    const step = WIDTH / ends.length;
    const bar = (kind, offset) => (range, i) => range.count === 0 ? null : svg("rect", { class: kind, x: i * step + offset,
      width: step * 0.38, y: HEIGHT - 18 - (range.count / most) * (HEIGHT - 26), height: Math.max(1, (range.count / most) * (HEIGHT - 26)) },
      svg("title", {}, `${kind === "fresh" ? "New waits" : "Baseline"}: ${count(range.count)} up to ${range.up_to_ms === null ? "more" : length(range.up_to_ms / 1000)}`));
    const labels = ends.map((end, i) => i % 3 === 0 && end !== null
      ? svg("text", { class: "tick", x: i * step, y: HEIGHT - 4 }, length(end / 1000)) : null);
    drawing.replaceChildren(svg("line", { class: "grid", x1: 0, x2: WIDTH, y1: HEIGHT - 18, y2: HEIGHT - 18 }),
      ...baseline.waits.map(bar("baseline", step * 0.1)).filter(Boolean),
      ...fresh.waits.map(bar("fresh", step * 0.5)).filter(Boolean), ...labels.filter(Boolean));
    drawing.setAttribute("aria-label", `Waits: ${count(fresh.retries)} with the new waits, mean ${length(fresh.mean_wait_ms / 1000)}; ` +
      `${count(baseline.retries)} with the old ones, mean ${length(baseline.mean_wait_ms / 1000)}`);
  }

  async function load() {
    const rollout = await api.find("llm/rollout");
    element.hidden = rollout === null;
    if (rollout === null) return;
    say(standing, words(rollout));
    mark(standing, "data-mood", rollout.halted ? "warn" : null);
    problem.hidden = rollout.problem === "";
    say(problem, `The models file as it is now is not in force: ${rollout.problem}`);
    halt.hidden = rollout.halted !== "" || rollout.flag !== "unset" || !rollout.enabled;
    resume.hidden = rollout.halted === "";
    ROWS.forEach(([, read, write, less], i) => {
      const [before, now] = [read(rollout.baseline), read(rollout.fresh)];
      say(cells[i].baseline, before === null ? NONE : write(before));
      say(cells[i].fresh, now === null ? NONE : write(now));
      const better = before !== null && now !== null && before !== now ? (now < before) === less : null;
      mark(cells[i].fresh, "data-mood", !less || better === null ? null : better ? "good" : "bad");
    });
    draw(rollout.fresh, rollout.baseline);
    const all = Object.values(rollout.baseline.would_have).reduce((sum, number) => sum + number, 0);
    say(would, all === 0 ? "" : `In the shadow, the new waits were asked about ${count(all)} failures of calls that waited in the old way.`);
  }

  const poll = every(3000, load);
  return { element, stop: () => poll.stop() };
}
