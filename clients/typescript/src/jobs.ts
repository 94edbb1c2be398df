/** Jobs: work that takes longer than a request. */

import type { ServerEvent } from "./events.ts";
import { FacetError, UnreachableError } from "./failures.ts";
import { JobsRoutes } from "./generated/groups.ts";
import type { Job, JobProgress } from "./generated/models.ts";
import type { Call } from "./requests.ts";
import { pause } from "./retries.ts";

/** A small picture of a work in progress. */
export interface Preview {
  media_type: string;
  base64: string;
  fraction: number;
}

/** What happens to a job; `last` when it is over. */
export type JobEvent =
  | { name: "state"; job: Job; last: boolean }
  | { name: "progress"; progress: JobProgress; last: false }
  | { name: "preview"; preview: Preview; last: false }
  | { name: "problem"; problem: { code: string; detail: string }; last: true };

const SETTLED: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled"]);
const AGAIN = 1000;
const TIMES = 5;

/** Orders of long work, and what becomes of them. */
export class Jobs extends JobsRoutes {
  /**
   * What happens to a job, as it happens, until it is over.
   *
   * A stream that ends before is taken up where it ended. Throws FacetError when it cannot go on,
   * and UnreachableError when the server is gone for longer.
   */
  async *follow(job: string, call: Call = {}): AsyncGenerator<JobEvent, void, undefined> {
    let last = call.lastEventId ?? "0";
    for (let lost = 0; ; ) {
      try {
        for await (const event of this.events(job, { ...call, lastEventId: last })) {
          lost = 0;
          last = event.id || last;
          const told = eventOf(event);
          if (told) yield told;
          if (told?.last) return;
        }
      } catch (error) {
        if (!passes(error) || ++lost > TIMES) throw error;
      }
      if (SETTLED.has((await this.get(job, call)).state) && last !== "0") return;
      await pause(AGAIN, call.signal);
    }
  }

  /** The job when it is over, whatever became of it. */
  async wait(job: string, call: Call = {}): Promise<Job> {
    for await (const event of this.follow(job, call)) {
      if (event.name === "state" && event.last) return event.job;
    }
    return this.get(job, call);
  }
}

/** The event as the client tells it; undefined for one that it does not know. */
function eventOf(event: ServerEvent): JobEvent | undefined {
  switch (event.name) {
    case "state": {
      const job = event.data as Job;
      return { name: "state", job, last: SETTLED.has(job.state) };
    }
    case "progress":
      return { name: "progress", progress: event.data as JobProgress, last: false };
    case "preview":
      return { name: "preview", preview: event.data as Preview, last: false };
    case "problem":
      return { name: "problem", problem: event.data as { code: string; detail: string }, last: true };
    default:
      return undefined;
  }
}

function passes(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof FacetError && error.code === "overloaded";
}
