// Stacked bars with lines over them, drawn as SVG. Small on purpose: two kinds of marks, one scale.

import { h, say, svg } from "./dom.js";
import { count } from "./format.js";

const HEIGHT = 190;
const PAD = { left: 44, right: 8, top: 8, bottom: 22 };

/** The next round number: 1, 2 or 5 times a power of ten. */
function roundUp(number) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, number)));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= number);
}

/**
 * A chart. `show(points, label)` takes points `{title, tick, bars: [n, …], line: n}`; a `tick` is
 * written under the axis unless it is empty. `series` names the bars, then the line.
 */
export class Chart {
  #canvas = svg("svg", { class: "chart", role: "img", height: HEIGHT, width: "100%" });
  #readout = h("p", { class: "readout" }, "\u00a0");
  #series;
  #points = [];
  #label = "";

  constructor(series) {
    this.#series = series;
    this.element = h("div", { class: "chart-box" },
      h("p", { class: "legend" }, ...series.map(([name, kind]) => [h("i", { class: kind }), name])), this.#canvas, this.#readout);
    this.#canvas.addEventListener("pointermove", (event) => this.#point(event));
    this.#canvas.addEventListener("pointerleave", () => this.#rest());
    this.observer = new ResizeObserver(() => this.#draw());
    this.observer.observe(this.element);
  }

  show(points, label) {
    this.#points = points;
    this.#label = label;
    this.#draw();
    if (!this.#canvas.matches(":hover")) this.#rest();
  }

  #rest() {
    say(this.#readout, this.#label);
  }

  #point(event) {
    const box = this.#canvas.getBoundingClientRect();
    const share = (event.clientX - box.left - PAD.left) / (box.width - PAD.left - PAD.right);
    const point = this.#points[Math.floor(share * this.#points.length)];
    if (!point) return this.#rest();
    const parts = [...point.bars, point.line].map((value, i) => [value, this.#series[i][0]])
      .filter(([value], i) => value > 0 || i === 0).map(([value, name]) => `${name} ${count(value)}`);
    say(this.#readout, `${point.title}: ${parts.join(", ")}`);
  }

  #draw() {
    const width = this.#canvas.clientWidth;
    if (width === 0) return;
    const points = this.#points;
    const most = roundUp(Math.max(1, ...points.map((p) => Math.max(p.line, p.bars.reduce((a, b) => a + b, 0)))));
    const step = (width - PAD.left - PAD.right) / Math.max(1, points.length);
    const y = (value) => HEIGHT - PAD.bottom - (value / most) * (HEIGHT - PAD.top - PAD.bottom);
    const x = (i) => PAD.left + i * step;
    const ticks = most >= 4 ? [0, 0.5, 1] : [0, 1];
    const grid = ticks.flatMap((part) => [
      svg("line", { class: "grid", x1: PAD.left, x2: width - PAD.right, y1: y(most * part), y2: y(most * part) }),
      svg("text", { class: "tick", x: PAD.left - 6, y: y(most * part) + 4, "text-anchor": "end" }, count(most * part)),
    ]);
    const bars = points.flatMap((point, i) => {
      let sum = 0;
      return point.bars.map((value, series) => {
        if (value <= 0) return null;
        const top = y((sum += value));
        return svg("rect", { class: this.#series[series][1], x: x(i) + step * 0.1, width: Math.max(1, step * 0.8), y: top, height: y(sum - value) - top });
      });
    });
    const line = svg("polyline", { class: `line ${this.#series.at(-1)[1]}`, points: points.map((p, i) => `${x(i) + step / 2},${y(p.line)}`).join(" ") });
    // as many labels as have room
    const every = Math.max(1, Math.ceil(points.filter((p) => p.tick).length / Math.max(1, (width - PAD.left) / 64)));
    const labels = points.map((p, i) => [p, i]).filter(([p]) => p.tick).filter((_, n) => n % every === 0)
      .map(([p, i]) => svg("text", { class: "tick", x: x(i) + step / 2, y: HEIGHT - 6, "text-anchor": "middle" }, p.tick));
    this.#canvas.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#canvas.setAttribute("aria-label", this.#label);
    this.#canvas.replaceChildren(...grid, ...bars.filter(Boolean), line, ...labels);
  }
}
