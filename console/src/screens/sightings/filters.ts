/** What sightings are filtered by. */

import type { SightingsListOptions } from "facet-client";

export type Filters = Omit<SightingsListOptions, "cursor" | "limit">;

export interface Typed {
  since: string;
  until: string;
  source: string;
  decision: string;
  quality: string;
}

export const EVERYTHING: Typed = { since: "", until: "", source: "", decision: "", quality: "" };

/** What to ask the server for by what was typed; times are in the reader's own zone. */
export function filtersOf(typed: Typed): Filters {
  const moment = (text: string) => new Date(text).toISOString();
  return {
    ...(typed.since && { since: moment(typed.since) }),
    ...(typed.until && { until: moment(typed.until) }),
    ...(typed.source && { source: typed.source }),
    ...(typed.decision && { decision: typed.decision as "known" | "unknown" }),
    ...(typed.quality && { min_quality: Number(typed.quality) }),
  };
}
