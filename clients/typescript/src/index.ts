/** The client of Facet, a face recognition service that you own. */

export { Client } from "./client.ts";
export type { ServerEvent } from "./events.ts";
export { FacetError, UnreachableError } from "./failures.ts";
export type { Code } from "./generated/codes.ts";
export type * from "./generated/groups.ts";
export type * from "./generated/models.ts";
export type * from "./generated/options.ts";
export { type JobEvent, Jobs, type Preview } from "./jobs.ts";
export { Listing, type Page } from "./lists.ts";
export type { Call, Picture } from "./requests.ts";
export type { Retries } from "./retries.ts";
export type { Settings } from "./transport.ts";
