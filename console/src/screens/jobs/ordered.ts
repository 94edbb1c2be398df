/** Work on a collection that was ordered as a job. */

import { useQuery } from "@tanstack/react-query";

import { facet } from "../../api/client";

/** The newest job of the kind on the collection, whatever became of it. */
export function useOrdered(kind: string, collectionId: string, enabled = true) {
  return useQuery({
    queryKey: ["jobs", kind, collectionId],
    queryFn: async () => {
      const { items } = await facet.jobs.list({ kind, limit: 50 }).page();
      return items.find((one) => one.parameters["collection_id"] === collectionId) ?? null;
    },
    enabled,
  });
}
