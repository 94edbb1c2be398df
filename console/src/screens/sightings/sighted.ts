/** Sightings by pages, those alone that filters find. */

import { useInfiniteQuery } from "@tanstack/react-query";

import { facet } from "../../api/client";
import type { Filters } from "./filters";

export function useSightings(collection: string, filters: Filters, limit: number) {
  return useInfiniteQuery({
    queryKey: ["sightings", collection, filters, limit],
    queryFn: ({ pageParam, signal }) =>
      facet.sightings.list(
        collection,
        { ...filters, limit, ...(pageParam && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
