/** A job that is followed by its events while it is under way. */

import { useQueryClient } from "@tanstack/react-query";
import type { Job } from "facet-client";
import { useEffect, useState } from "react";

import { facet } from "../../api/client";

const SETTLED = new Set(["succeeded", "failed", "cancelled"]);

export function isSettled(job: Job): boolean {
  return SETTLED.has(job.state);
}

/** The job as it is now, and the address of the last preview. */
export function useFollowed(given: Job): { job: Job; preview: string | undefined } {
  const [told, setTold] = useState<Job>(given);
  const [preview, setPreview] = useState<string>();
  const cache = useQueryClient();
  const job = told.version >= given.version ? told : given;
  const settled = isSettled(job);
  useEffect(() => {
    if (settled) return;
    const end = new AbortController();
    const follow = async () => {
      try {
        for await (const event of facet.jobs.follow(given.id, { signal: end.signal })) {
          if (event.name === "state") setTold(event.job);
          if (event.name === "progress") {
            setTold((before) => ({ ...before, progress: event.progress }));
          }
          if (event.name === "preview") {
            const { media_type: type, base64 } = event.preview;
            setPreview(`data:${type};base64,${base64}`);
          }
        }
        await cache.invalidateQueries({ queryKey: ["jobs"] });
      } catch {
        // The list is asked for again in any case.
      }
    };
    void follow();
    return () => {
      end.abort();
    };
  }, [given.id, settled, cache]);
  return { job, preview };
}
