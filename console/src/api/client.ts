/** The server that this page comes from. */

import { Client } from "facet-client";

import { noteReached } from "./reached";

/** Where the server is found: the page's base without `console/`. */
export const SERVER = new URL("..", document.baseURI);

let csrfToken = "";
let onEnded: () => void = () => undefined;

/** Tell the token that requests which change something repeat. */
export function sendToken(token: string | null): void {
  csrfToken = token ?? "";
}

/** Be told when the session has ended. */
export function whenEnded(call: () => void): void {
  onEnded = call;
}

/** Send a request with the session's cookie and token. */
export const send: typeof fetch = async (input, init = {}) => {
  const headers = new Headers(init.headers);
  if ((init.method ?? "GET") !== "GET") headers.set("X-CSRF-Token", csrfToken);
  const response = await fetch(input, { ...init, headers, credentials: "same-origin" }).catch(
    (error: unknown) => {
      if (init.signal?.aborted !== true) noteReached(false);
      throw error;
    },
  );
  noteReached(true);
  if (response.status === 401) onEnded();
  return response;
};

export const facet = new Client(SERVER, { fetch: send });

/** A client that sends a key, to be signed in by it. */
export function withKey(key: string): Client {
  return new Client(SERVER, { key, fetch: send });
}
