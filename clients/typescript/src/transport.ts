/** Sending of requests, again where that helps. */

import { readEvents, type ServerEvent } from "./events.ts";
import { FacetError, failure, UnreachableError } from "./failures.ts";
import { Listing, type Page } from "./lists.ts";
import { type Call, formOf, newKey, type Opener, queryOf, type Request } from "./requests.ts";
import { delay, PASSING, pause, type Retries, RETRIES } from "./retries.ts";

/** How a server is talked to. */
export interface Settings {
  /** Sent as `Authorization: Bearer`. */
  key?: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Milliseconds of one try; 60,000 is the default. */
  timeout?: number;
  retries?: Partial<Retries>;
  /** Whether browsers send cookies along. */
  credentials?: RequestCredentials;
  /** Instead of the global one. */
  fetch?: typeof fetch;
}

const TIMEOUT = 60_000;

/** Sends requests and reads answers. */
export class Sender {
  readonly #url: string;
  readonly #settings: Settings;
  readonly #retries: Retries;
  readonly #open: Opener;

  constructor(url: string, settings: Settings, open: Opener) {
    this.#url = url.replace(/\/+$/, "");
    this.#settings = settings;
    this.#retries = { ...RETRIES, ...settings.retries };
    this.#open = open;
  }

  async json<T>(request: Request, call: Call): Promise<T> {
    const content = await this.text(request, call);
    try {
      return JSON.parse(content) as T;
    } catch (error) {
      throw new UnreachableError("What answers there is no Facet: its answer is no JSON.", {
        cause: error,
      });
    }
  }

  text(request: Request, call: Call): Promise<string> {
    return this.#sent(request, call, (response) => response.text());
  }

  blob(request: Request, call: Call): Promise<Blob> {
    return this.#sent(request, call, (response) => response.blob());
  }

  async nothing(request: Request, call: Call): Promise<void> {
    await this.text(request, call);
  }

  list<T>(request: Request, call: Call): Listing<T> {
    const { cursor, ...query }: { cursor?: string | null } = request.query ?? {};
    return new Listing<T>(
      (from) => this.json<Page<T>>({ ...request, query: { ...query, cursor: from } }, call),
      cursor ?? undefined,
    );
  }

  /** The events of one stream until it ends; it is not taken up again. */
  async *events(request: Request, call: Call): AsyncGenerator<ServerEvent, void, undefined> {
    const init = await this.#prepared(request, call);
    if (call.signal) init.signal = call.signal;
    try {
      const response = await this.#fetch(request, init);
      if (!response.ok) throw failure(response.status, await response.text());
      if (response.body) yield* readEvents(response.body);
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      throw error instanceof FacetError ? error : lost(error);
    }
  }

  /** What is read of the answer, a success. Throws FacetError and UnreachableError.
   *
   * What passes is tried again: 429 and 503, and lost connections where that does no harm.
   */
  async #sent<T>(request: Request, call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const repeated = request.keyed ? { idempotencyKey: newKey(), ...call } : call;
    for (let tried = 1; ; tried++) {
      const outcome = await this.#once(request, repeated, read);
      if ("value" in outcome) return outcome.value;
      const wait = delay(this.#retries, tried, outcome.retryAfter);
      if (wait === undefined || !(outcome.passing || (outcome.lost && request.repeatable))) {
        throw outcome.error;
      }
      await pause(wait, call.signal);
    }
  }

  async #once<T>(
    request: Request,
    call: Call,
    read: (response: Response) => Promise<T>,
  ): Promise<{ value: T } | Failed> {
    const timeout = AbortSignal.timeout(this.#settings.timeout ?? TIMEOUT);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    const sent = await this.#prepared(request, call);
    try {
      const response = await this.#fetch(request, { ...sent, signal });
      if (response.ok) return { value: await read(response) };
      return {
        error: failure(response.status, await response.text()),
        passing: PASSING.has(response.status),
        lost: false,
        retryAfter: response.headers.get("Retry-After"),
      };
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      return { error: lost(error), passing: false, lost: true, retryAfter: null };
    }
  }

  /** What is sent: headers and body. Throws what the opener of pictures throws. */
  async #prepared(request: Request, call: Call): Promise<RequestInit> {
    const { key, headers, credentials } = this.#settings;
    const sent = new Headers(headers);
    if (key) sent.set("Authorization", `Bearer ${key}`);
    if (request.keyed && call.idempotencyKey) sent.set("Idempotency-Key", call.idempotencyKey);
    if (call.lastEventId) sent.set("Last-Event-ID", call.lastEventId);
    if (request.json) sent.set("Content-Type", "application/json");
    const init: RequestInit = { method: request.method, headers: sent };
    if (credentials) init.credentials = credentials;
    if (request.json) init.body = JSON.stringify(request.json);
    if (request.form) init.body = await formOf(request.form, request.files ?? [], this.#open);
    return init;
  }

  #fetch(request: Request, init: RequestInit): Promise<Response> {
    const own = this.#settings.fetch ?? fetch;
    return own(`${this.#url}${request.path}${queryOf(request.query ?? {})}`, init);
  }
}

interface Failed {
  error: Error;
  /** Whether the server says that it passes. */
  passing: boolean;
  /** Whether nobody knows what became of the request. */
  lost: boolean;
  retryAfter: string | null;
}

function lost(error: unknown): UnreachableError {
  if (error instanceof UnreachableError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new UnreachableError(cause instanceof Error ? cause.message : String(cause), { cause: error });
}
