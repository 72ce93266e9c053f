// What a session reached over its trials, as steps: the best score, and how many different failures,
// beside what plans drawn by chance are expected to find.

import { h, mark, panel, say, svg } from "./dom.js";
import { isOver, score } from "./fault-words.js";

const HEIGHT = 170;
const PAD = { left: 36, right: 10, top: 10, bottom: 24 };

/** One curve; `value(step)` is drawn, `write(number)` written; `chance(step)` is what is expected without a search. */
function curve(title, value, write, chance = () => undefined) {
  const key = h("span", { class: "curve-key", hidden: true }, "dashed: expected by chance");
  const canvas = svg("svg", { class: "chart", role: "img", height: HEIGHT, width: "100%" });
  const readout = h("p", { class: "readout" }, "\u00a0");
  const element = h("figure", { class: "curve" }, h("figcaption", {}, title, key), canvas, readout);
  let steps = [];
  let wide = 1;
  let most = 1;
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - PAD.left) / (box.width - PAD.left - PAD.right);
    const step = steps[Math.floor(share * wide)];
    if (step) say(readout, text(step));
    else rest();
  });
  canvas.addEventListener("pointerleave", rest);
  const observer = new ResizeObserver(draw);
  observer.observe(element);

  function rest() {
    const last = steps.at(-1);
    say(readout, last ? text(last) : "\u00a0");
  }

  function text(step) {
    const luck = chance(step);
    return `After trial ${step.trial}: ${write(value(step))}${luck === undefined ? "" : `; by chance, ${luck.toFixed(1)} would be expected`}`;
  }

  function draw() {
    const width = canvas.clientWidth;
    if (width === 0 || steps.length === 0) return;
    const x = (i) => PAD.left + ((width - PAD.left - PAD.right) * i) / wide;
    const y = (number) => HEIGHT - PAD.bottom - (number / most) * (HEIGHT - PAD.top - PAD.bottom);
    let path = `M${x(0)} ${y(0)}`;
    const rises = [];
    steps.forEach((step, i) => {
      const now = value(step);
      if (now > (i > 0 ? value(steps[i - 1]) : 0)) {
        rises.push(svg("circle", { class: "rise", cx: x(i), cy: y(now), r: 3 }, svg("title", {}, `Trial ${step.trial}: ${write(now)}`)));
      }
      path += `V${y(now)}H${x(i + 1)}`;
    });
    const lucky = steps.flatMap((step, i) => (chance(step) === undefined ? [] : [`${x(i + 1)} ${y(chance(step))}`]));
    key.hidden = lucky.length === 0;
    const luck = lucky.length === 0 ? [] : [svg("path", { class: "luck", d: `M${[`${x(0)} ${y(0)}`, ...lucky].join("L")}` })];
    const grid = [0, 0.5, 1].flatMap((part) => [
      svg("line", { class: "grid", x1: PAD.left, x2: width - PAD.right, y1: y(most * part), y2: y(most * part) }),
      svg("text", { class: "tick", x: PAD.left - 6, y: y(most * part) + 4, "text-anchor": "end" }, String(most * part)),
    ]);
    mark(canvas, "viewBox", `0 0 ${width} ${HEIGHT}`);
    mark(canvas, "aria-label", `${title}: ${readout.textContent}`);
    canvas.replaceChildren(...grid, ...luck, svg("path", { class: "steps", d: path }), ...rises,
      svg("text", { class: "tick", x: PAD.left, y: HEIGHT - 6 }, "trial 1"),
      svg("text", { class: "tick", x: width - PAD.right, y: HEIGHT - 6, "text-anchor": "end" }, `trial ${wide}`));
  }

  return {
    element,
    show(all, trials, scale) {
      steps = all;
      wide = Math.max(1, trials);
      most = scale;
      if (!canvas.matches(":hover")) rest();
      draw();
    },
    stop: () => observer.disconnect(),
  };
}

export function curvePanel(model) {
  const best = curve("Best score so far", (step) => step.best_score, (number) => `${score(number)} of 10`);
  const found = curve("Different failures so far", (step) => step.distinct_failures, (number) => String(number),
    (step) => step.expected_by_chance);
  const empty = h("p", { class: "empty" });
  const curves = h("div", { class: "curves" }, best.element, found.element);
  const element = panel("curves", "Progress", [], empty, curves);
  let drawn = null;

  return {
    element,
    update() {
      const { report, view } = model;
      const steps = report?.curve ?? [];
      curves.hidden = steps.length === 0;
      empty.hidden = steps.length > 0;
      say(empty, view && isOver(view.status) ? "No trial was made." : "The first trial is still to come.");
      if (report === drawn || steps.length === 0) return;
      drawn = report;
      const trials = isOver(report.session.status) ? steps.length : report.session.max_trials;
      best.show(steps, trials, 10);
      found.show(steps, trials, Math.max(4, 2 * Math.ceil(Math.max(steps.at(-1).distinct_failures, steps.at(-1).expected_by_chance ?? 0) / 2)));
    },
    stop() {
      best.stop();
      found.stop();
    },
  };
}
