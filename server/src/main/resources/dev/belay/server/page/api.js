// The REST API. Every call brings the token if there is one, and asks for it when it is missing.

const TOKEN = "belay.token";

/** What the server says is wrong. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body?.error ?? "UNKNOWN";
    this.details = body?.details ?? {};
  }

  /** What is wrong by field. */
  get fields() {
    const all = this.details.problems ?? (this.details.field ? [this.details] : []);
    return new Map(all.map((one) => [one.field, one.range]));
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

export class Api {
  #ask;
  #asking = null;

  /** `ask(wrong)` gives a token some time; `wrong` says whether the last one was refused. */
  constructor(ask) {
    this.#ask = ask;
  }

  get hasToken() {
    return sessionStorage.getItem(TOKEN) !== null;
  }

  forget() {
    sessionStorage.removeItem(TOKEN);
  }

  /** The bare response, 401 excepted. */
  async open(path, options = {}) {
    for (;;) {
      const token = sessionStorage.getItem(TOKEN);
      const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
      let response;
      try {
        response = await fetch(path, { ...options, headers, cache: "no-store", credentials: "omit" });
      } catch (failure) {
        if (failure.name === "AbortError") throw failure;
        throw new Unreachable("The server does not answer.");
      }
      if (response.status !== 401) return response;
      await this.#newToken(token);
    }
  }

  /** One question for all calls that wait for it. */
  async #newToken(refused) {
    if (sessionStorage.getItem(TOKEN) !== refused) return;
    this.#asking ??= this.#ask(refused !== null).then((token) => {
      sessionStorage.setItem(TOKEN, token);
      this.#asking = null;
    });
    await this.#asking;
  }

  /** `{body, etag}` of a good answer; otherwise throws a Problem. */
  async call(method, path, body, headers = {}) {
    const text = typeof body === "string";
    const response = await this.open(`api/v1/${path}`, {
      method,
      headers: { ...(body !== undefined && { "Content-Type": text ? "text/plain" : "application/json" }), ...headers },
      body: body === undefined || text ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const read = response.status === 204 ? null : await response.json().catch(() => null);
    if (!response.ok) throw new Problem(response.status, read);
    return { body: read, etag: response.headers.get("ETag") };
  }

  async get(path) {
    return (await this.call("GET", path)).body;
  }

  /** What is there; null if it is not. */
  async find(path) {
    try {
      return await this.get(path);
    } catch (problem) {
      if (problem.status === 404) return null;
      throw problem;
    }
  }

  async post(path, body) {
    return (await this.call("POST", path, body)).body;
  }

  async health() {
    return (await this.open("health", { signal: AbortSignal.timeout(10_000) })).json();
  }
}
