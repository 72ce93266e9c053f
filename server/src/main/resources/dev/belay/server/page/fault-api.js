// The API of faults and of sessions. Its paths and its errors are those of published recommenders and
// injectors, so that it is spoken here and not by api.js.

import { Problem } from "./api.js";

const SESSIONS = "v1/optimization/sessions";
const PATIENCE = 30_000;

export class FaultApi {
  #api;

  constructor(api) {
    this.#api = api;
  }

  async #ask(method, path, body) {
    const response = await this.#api.open(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) throw problem(response.status, await response.json().catch(() => null));
    return response;
  }

  async #json(method, path, body) {
    return (await this.#ask(method, path, body)).json();
  }

  sessions(limit) {
    return this.#json("GET", `${SESSIONS}?limit=${limit}`);
  }

  async services() {
    return (await this.#json("GET", "v1/optimization/services")).services;
  }

  session(id) {
    return this.#json("GET", pathOf(id));
  }

  /** Without what takes long to work out. */
  report(id) {
    return this.#json("GET", `${reportPath(id, "json")}&parts=brief`);
  }

  /** Gives the id of the session. */
  async start(spec) {
    return (await this.#json("POST", SESSIONS, spec)).session_id;
  }

  stop(id, reason) {
    return this.#json("POST", `${pathOf(id)}/stop`, { reason });
  }

  abort(id, reason) {
    return this.#json("POST", `${pathOf(id)}/abort`, { reason });
  }

  /** `{status: "halted" or "running", in_force}`. */
  halted() {
    return this.#json("GET", "v1/halt");
  }

  halt() {
    return this.#json("POST", "v1/halt");
  }

  resume() {
    return this.#json("POST", "v1/resume");
  }

  /** A report as a file. */
  async file(id, format) {
    return (await this.#ask("GET", reportPath(id, format))).blob();
  }

  get hasToken() {
    return this.#api.hasToken;
  }
}

const pathOf = (id) => `${SESSIONS}/${encodeURIComponent(id)}`;

export const reportPath = (id, format) => `${pathOf(id)}/report?format=${format}`;
export const eventsPath = (id) => `${pathOf(id)}/events`;

/** Sessions have `{error: {code, message, details}}`, injectors `{error, message}`. */
function problem(status, body) {
  if (typeof body?.error !== "object") return new Problem(status, body);
  const { code, message, details } = body.error;
  return new Problem(status, { error: code, message, details: details?.field ? { field: details.field, range: details.constraint } : {} });
}
