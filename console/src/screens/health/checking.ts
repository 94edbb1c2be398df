/** Checks of how well a collection's people are found and told apart. */

import { useQuery } from "@tanstack/react-query";
import { FacetError, type HealthHealth, type Job } from "facet-client";

import { facet } from "../../api/client";

const LISTED = 100;
export const HEALTH_CHECK = "health-check";

/** A check at once, as smaller collections allow it. */
export function useHealth(collection: string) {
  return useQuery({
    queryKey: ["health", collection],
    queryFn: ({ signal }) => facet.health.check(collection, { limit: LISTED }, { signal }),
    staleTime: 60_000,
  });
}

export function needsJob(error: unknown): boolean {
  return error instanceof FacetError && error.code === "too-many-faces";
}

export function orderCheck(collection: string): Promise<Job> {
  return facet.health.order(collection, { limit: LISTED });
}

export function useResult(job: Job | null | undefined) {
  return useQuery({
    queryKey: ["job-result", job?.id],
    queryFn: async () => {
      const result = await facet.jobs.result(job?.id ?? "");
      return JSON.parse(await result.text()) as HealthHealth;
    },
    enabled: job?.state === "succeeded" && job.result != null,
    staleTime: Infinity,
  });
}
