/** The client, for browsers and every other place that has `fetch`. */

import { Routes } from "./generated/routes.ts";
import type { Opener, Picture } from "./requests.ts";
import { Sender, type Settings } from "./transport.ts";

/** Talks to a server. `P` are the kinds of pictures that it takes. */
export class Client<P = Picture> extends Routes<P> {
  /** `url` is the server's, without /v1. */
  constructor(url: string | URL, settings: Settings = {}, open: Opener = refuse) {
    super(new Sender(String(url), settings, open));
  }
}

async function refuse(value: unknown): Promise<never> {
  throw new TypeError(
    `A picture is a Blob or bytes, and not ${typeof value}; paths are for facet-client/node.`,
  );
}
