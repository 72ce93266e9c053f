// Requests over time: on which attempt they succeeded, how many failed, how many retries it took.

import { Chart } from "./chart.js";
import { choice, panel } from "./dom.js";
import { clock, count, day, minute, share } from "./format.js";

const INTERVALS = {
  minute: { hours: 1, millis: 60_000, span: "last hour" },
  hour: { hours: 24, millis: 3_600_000, span: "last 24 hours" },
  day: { hours: 168, millis: 86_400_000, span: "last 7 days" },
};

export function retriesPanel({ api, every }) {
  let interval = "minute";
  const chart = new Chart([["1st attempt", "s1"], ["2nd", "s2"], ["3rd", "s3"], ["later", "s4"], ["failed", "failed"], ["retries", "retries"]]);
  const element = panel("retries", "Requests and retries over time",
    [choice("Interval", [["minute", "Minutes"], ["hour", "Hours"], ["day", "Days"]], interval, (chosen) => { interval = chosen; poll.now(); })],
    chart.element);

  function point(data, chosen) {
    const at = Date.parse(data.timestamp);
    const byAttempt = data.success_by_attempt;
    const later = Object.entries(byAttempt).filter(([attempt]) => attempt >= 3).reduce((sum, [, n]) => sum + n, 0);
    const failed = Math.max(0, Math.round(data.total_requests * (1 - data.request_success_rate)));
    const quarter = chosen === "minute" ? new Date(at).getMinutes() % 10 === 0 : true;
    return {
      title: chosen === "day" ? day(at) : `${clock(at).slice(0, 5)}${chosen === "hour" ? `, ${day(at)}` : ""}`,
      tick: quarter ? (chosen === "day" ? day(at) : minute(at)) : "",
      bars: [byAttempt[0] ?? 0, byAttempt[1] ?? 0, byAttempt[2] ?? 0, later, failed],
      line: data.total_retries,
    };
  }

  async function load() {
    const chosen = interval;
    const { hours, millis, span } = INTERVALS[chosen];
    const answer = await api.get(`metrics/retries/timeseries?interval=${chosen}&hours=${hours}`);
    if (chosen !== interval) return;
    const points = whole(answer, millis, chosen);
    const requests = answer.data_points.reduce((sum, one) => sum + one.total_requests, 0);
    const retries = answer.data_points.reduce((sum, one) => sum + one.total_retries, 0);
    const good = answer.data_points.reduce((sum, one) => sum + one.total_requests * one.request_success_rate, 0);
    chart.show(points, requests
      ? `In the ${span}: ${count(requests)} requests, ${share(good / requests)} succeeded, ${count(retries)} retries.`
      : `No request in the ${span}. Send one through the proxy port and it shows here.`);
  }

  /** All periods, those without requests too, so that the axis is even. */
  function whole(answer, millis, chosen) {
    const known = new Map(answer.data_points.map((one) => [Date.parse(one.timestamp), one]));
    const last = Math.floor(Date.parse(answer.to) / millis) * millis;
    const first = last - (Math.round((answer.hours * 3_600_000) / millis) - 1) * millis;
    const points = [];
    for (let at = first; at <= last; at += millis) {
      points.push(point(known.get(at) ?? { timestamp: new Date(at), success_by_attempt: {}, total_requests: 0, total_retries: 0, request_success_rate: 1 }, chosen));
    }
    return points;
  }

  const poll = every(3000, load);
  return { element, stop: () => { poll.stop(); chart.observer.disconnect(); } };
}
