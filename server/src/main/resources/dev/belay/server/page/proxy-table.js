// The pool, page by page: filtered and sorted by the server, so that ten thousand proxies are no
// heavier than fifty; updated where it stands.

import { attempt, confirm } from "./dialogs.js";
import { Rows, choice, h, mark, panel, say } from "./dom.js";
import { NONE, count, left, length, share, word } from "./format.js";
import { addProxy, importProxies } from "./proxy-add.js";

const COLUMNS = [
  ["state", "State", "state"], ["proxy", "Proxy", "url"], ["score", "Score", "score", "num"],
  ["success", "Success", "success_rate", "num"], ["p95", "p95", "latency_p95", "num"],
  ["flight", "In flight", "in_flight", "num"], ["test", "Next test", "seconds_until_test", "num"],
  ["region", "Region"], ["tags", "Tags"], ["acts", ""],
];
const UPWARDS_FIRST = new Set(["url", "state"]);

export function tablePanel({ api, every, on, refresh: refreshAll }) {
  const view = { page: 1, size: 50, sort: "", state: "", search: "", tag: "" };
  const body = h("tbody");
  const rows = new Rows(body, (proxy) => proxy.id, row);
  const note = h("span", { class: "count", "aria-live": "polite" });
  const empty = h("div", { class: "empty", hidden: true });
  const tags = h("datalist", { id: "tags" });
  const search = h("input", { type: "search", id: "search", placeholder: "Search URLs  (/)", "aria-label": "Search URLs",
    maxlength: 256, oninput: (event) => later({ search: event.target.value.trim() }) });
  const tag = h("input", { type: "search", list: "tags", placeholder: "Tag", "aria-label": "Only with this tag", maxlength: 64,
    class: "tag-filter", oninput: (event) => later({ tag: event.target.value.trim() }) });
  const states = choice("State", [["", "All"], ["closed", "Closed"], ["open", "Open"], ["half_open", "Half-open"]], "",
    (state) => change({ state }));
  const counts = [...states.children].map((button) => button.appendChild(h("b", {}, "")));
  const heads = COLUMNS.map(([id, title, sort, kind]) => h("th", { scope: "col", class: [`c-${id}`, kind].join(" ") },
    sort ? h("button", { type: "button", class: "sort", onclick: () => sortBy(sort) }, title)
      : title || h("span", { class: "hidden" }, "Actions")));
  const table = h("table", { class: "pool" }, h("caption", { class: "hidden" }, "Proxies of the pool"),
    h("thead", {}, h("tr", {}, ...heads)), body);
  const previous = h("button", { type: "button", onclick: () => change({ page: view.page - 1 }, true) }, "Previous");
  const next = h("button", { type: "button", onclick: () => change({ page: view.page + 1 }, true) }, "Next");
  const size = h("select", { "aria-label": "Proxies on a page", onchange: () => change({ size: Number(size.value) }) },
    ...[25, 50, 100].map((n) => h("option", { value: n, selected: n === view.size }, `${n} a page`)));
  const element = panel("pool", "Pool", [
    h("button", { type: "button", class: "primary", onclick: () => add() }, "Add proxy"),
    h("button", { type: "button", onclick: () => bring() }, "Import"),
    h("button", { type: "button", onclick: resetAll }, "Reset all")],
    h("div", { class: "filters" }, states, search, tag, tags), h("div", { class: "scroll" }, table), empty,
    h("div", { class: "pages" }, note, size, previous, next));
  let moment = 0;
  let asked = 0;

  function later(changes) {
    clearTimeout(moment);
    moment = setTimeout(() => change(changes), 200);
  }

  function change(changes, keepPage = false) {
    Object.assign(view, keepPage ? {} : { page: 1 }, changes);
    poll.now();
  }

  function sortBy(field) {
    const first = UPWARDS_FIRST.has(field) ? field : `-${field}`;
    const second = UPWARDS_FIRST.has(field) ? `-${field}` : field;
    change({ sort: view.sort === first ? second : view.sort === second ? "" : first });
  }

  async function load() {
    const mine = ++asked;
    const query = new URLSearchParams({ page: view.page, size: view.size });
    for (const name of ["sort", "state", "search", "tag"]) if (view[name]) query.set(name, view[name]);
    const answer = await api.get(`proxies?${query}`);
    if (mine !== asked) return;
    if (answer.total > 0 && answer.proxies.length === 0) return change({ page: answer.pages }, true);
    show(answer);
  }

  function show(answer) {
    const { closed, open, half_open } = answer.states;
    const all = closed + open + half_open;
    [all, closed, open, half_open].forEach((number, i) => say(counts[i], count(number)));
    COLUMNS.forEach(([, , sort], i) => sort && mark(heads[i], "aria-sort",
      view.sort === sort ? "ascending" : view.sort === `-${sort}` ? "descending" : "none"));
    rows.show(answer.proxies);
    tick();
    const first = (answer.page - 1) * answer.size;
    say(note, answer.total ? `${count(first + 1)}–${count(first + answer.proxies.length)} of ${count(answer.total)}` : "None");
    previous.disabled = answer.page <= 1;
    next.disabled = answer.page >= answer.pages;
    const seen = new Set(answer.proxies.flatMap((proxy) => proxy.tags));
    if ([...seen].some((name) => ![...tags.children].some((option) => option.value === name)) && tags.children.length < 200) {
      tags.replaceChildren(...[...seen, ...[...tags.children].map((o) => o.value)]
        .filter((name, i, names) => names.indexOf(name) === i).map((name) => h("option", { value: name })));
    }
    table.hidden = answer.total === 0;
    empty.hidden = answer.total > 0;
    const kind = all === 0 ? "pool" : "filter";
    if (answer.total === 0 && empty.dataset.kind !== kind) {
      empty.dataset.kind = kind;
      empty.replaceChildren(...(all === 0 ? nothing() : nothingFits()));
    }
  }

  function nothing() {
    return [h("strong", {}, "The pool is empty, so every request is answered 503."),
      h("p", {}, "Add a proxy, import a list, or name them in belay.yaml under proxy.pool or proxy.sources."),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "primary", onclick: () => add() }, "Add proxy"),
        h("button", { type: "button", onclick: () => bring() }, "Import a list"))];
  }

  function nothingFits() {
    return [h("strong", {}, "No proxy fits the filter."),
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: clear }, "Clear the filter"))];
  }

  function clear() {
    search.value = tag.value = "";
    Object.assign(view, { search: "", tag: "" });
    states.firstChild.click();
  }

  function row(made) {
    let proxy = made;
    const cells = Object.fromEntries(COLUMNS.map(([id, title, , kind]) =>
      [id, h("td", { class: [`c-${id}`, kind].join(" "), "data-label": title })]));
    const state = h("span", { class: "state" });
    const act = h("button", { type: "button", onclick: () => (proxy.circuit_breaker.state === "closed" ? trip(proxy) : reset(proxy)) });
    const remove = h("button", { type: "button", class: "quiet", onclick: () => drop(proxy) }, "Remove");
    const bar = h("i", { class: "bar-fill" });
    const score = h("span", {});
    const tagBox = h("span", { class: "tags" });
    let shownTags = null;
    cells.state.append(state);
    cells.score.append(score, h("span", { class: "bar-track", "aria-hidden": "true" }, bar));
    cells.tags.append(tagBox);
    cells.acts.append(act, remove);
    const line = h("tr", { "data-proxy": proxy.id }, ...Object.values(cells));
    return {
      element: line,
      testAt: null,
      update(now) {
        proxy = now;
        const breaker = now.circuit_breaker;
        const fresh = now.stats.samples === 0;
        this.setState(breaker.state);
        const held = breaker.held ? " (held)" : "";
        mark(state, "title", `${breaker.failure_count} of ${breaker.failure_threshold} failures${held}, since ${breaker.last_state_change}`);
        say(cells.proxy, now.url);
        mark(cells.proxy, "title", `${now.url}, from ${now.source}`);
        say(score, now.score.toFixed(2));
        mark(cells.score, "title", fresh ? "No attempts yet" : null);
        cells.score.classList.toggle("dim", fresh);
        bar.style.width = `${now.score * 100}%`;
        say(cells.success, fresh ? NONE : share(now.stats.success_rate));
        mark(cells.success, "title", `${count(now.stats.attempts)} attempts, ${count(now.stats.failures)} failures`);
        say(cells.p95, length(now.stats.latency_p95));
        say(cells.flight, now.stats.in_flight);
        cells.flight.classList.toggle("dim", now.stats.in_flight === 0);
        this.testAt = now.seconds_until_test === null ? null : performance.now() + now.seconds_until_test * 1000;
        say(cells.region, [now.region, now.country].filter(Boolean).join(" · ") || NONE);
        const wanted = now.tags.join("\n");
        if (wanted !== shownTags) {
          shownTags = wanted;
          tagBox.replaceChildren(...now.tags.map((name) => h("span", { class: "tag" }, name)));
          mark(cells.tags, "title", now.tags.join(", "));
        }
        mark(remove, "aria-label", `Remove ${now.url}`);
      },
      setState(name) {
        mark(line, "data-state", name);
        say(state, word(name));
        const verb = name === "closed" ? "Trip" : "Reset";
        say(act, verb);
        mark(act, "aria-label", `${verb} ${proxy.url}`);
      },
      tick() {
        const millis = this.testAt === null ? null : this.testAt - performance.now();
        say(cells.test, millis === null ? NONE : millis > 0 ? left(millis) : "due");
        mark(cells.test, "title", millis !== null && millis <= 0 ? "The next request that comes by is its test" : null);
        cells.test.classList.toggle("dim", millis === null);
      },
    };
  }

  function tick() {
    for (const one of rows.values()) one.tick();
  }

  async function reset(proxy) {
    await attempt(() => api.post(`circuit-breakers/${proxy.id}/reset`), `Closed ${proxy.url}`);
    poll.now();
  }

  async function trip(proxy) {
    const sure = await confirm({ title: "Trip this breaker?", action: "Trip",
      text: `${proxy.url} gets no more requests until its test, in ${length(proxy.circuit_breaker.timeout_duration)}. Those under way there go on.` });
    if (!sure) return;
    await attempt(() => api.post(`circuit-breakers/${proxy.id}/trip`), `Opened ${proxy.url}`);
    poll.now();
  }

  async function drop(proxy) {
    const again = proxy.source === "config" ? " The configuration names it; it stays out until it is added again." : "";
    const sure = await confirm({ title: "Remove this proxy?", action: "Remove",
      text: `${proxy.url} leaves the pool, its password is forgotten. Requests under way there finish.${again}` });
    if (!sure) return;
    await attempt(() => api.call("DELETE", `proxies/${proxy.id}`), `Removed ${proxy.url}`);
    poll.now();
  }

  async function resetAll() {
    const sure = await confirm({ title: "Reset all breakers?", action: "Reset all",
      text: "Every proxy of the pool gets requests again at once, those that fail too." });
    if (sure && (await attempt(() => api.post("circuit-breakers/reset-all"), "All breakers are closed"))) refreshAll();
    poll.now();
  }

  async function add() {
    if (await addProxy(api)) poll.now();
  }

  async function bring() {
    if (await importProxies(api)) poll.now();
  }

  function shortcut(event) {
    const typing = event.target.closest?.("input, textarea, select, dialog");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
  }

  document.addEventListener("keydown", shortcut);
  const clock = setInterval(tick, 250);
  const poll = every(2000, load);
  const off = on((kind, data) => {
    if (kind === "breaker") rows.get(data.proxy_id)?.setState(data.to_state);
    if (kind === "breaker" || kind === "pool") poll.soon(300);
  });
  return {
    element,
    stop() {
      document.removeEventListener("keydown", shortcut);
      clearInterval(clock);
      off();
      poll.stop();
    },
  };
}
