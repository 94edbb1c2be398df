/** People of a collection: what is known of them, and what changes it. */

import { useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { SubjectsListOptions } from "facet-client";

import { facet } from "./client";

const PAGE = 200;

/** People by pages: everybody, or those who meet all conditions. */
export function usePeople(collection: string, wanted: SubjectsListOptions) {
  return useInfiniteQuery({
    queryKey: ["people", collection, wanted],
    queryFn: ({ pageParam, signal }) =>
      facet.subjects.list(collection, { limit: PAGE, ...wanted }, { signal }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export function usePerson(collection: string, subject: string) {
  return useQuery({
    queryKey: ["person", collection, subject],
    queryFn: () => facet.subjects.get(collection, subject),
  });
}

/** The face that stands for somebody, and whether somebody has chosen it. */
export function useStanding(collection: string, subject: string, enabled: boolean) {
  return useQuery({
    queryKey: ["faces", collection, subject, "standing"],
    queryFn: () => facet.representative.get(collection, subject),
    enabled,
  });
}

export function useFaces(collection: string, subject: string) {
  return useQuery({
    queryKey: ["faces", collection, subject, "all"],
    queryFn: () => facet.faces.list(collection, { subject, limit: PAGE }).all(),
  });
}

/** Corrections of who is who, newest first. */
export function useOperations(collection: string) {
  return useQuery({
    queryKey: ["operations", collection],
    queryFn: () => facet.operations.list(collection, { limit: 50 }).page(),
  });
}

/** Have everything asked anew that a change of people touches. */
export async function peopleChanged(cache: QueryClient): Promise<void> {
  const touched = new Set([
    "people", "person", "faces", "operations", "collections", "groups", "sightings", "health",
    "rights", "retention", "receipts", "review",
  ]);
  const chosen = {
    predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => touched.has(String(queryKey[0])),
  };
  // What is on its way may have been read before the change, and is not asked again by itself.
  await cache.cancelQueries(chosen);
  await cache.invalidateQueries(chosen);
}

export function usePeopleChanged(): () => Promise<void> {
  const cache = useQueryClient();
  return () => peopleChanged(cache);
}
