/** People of a collection: what is known of them, and what changes it. */

import { useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { Subject } from "facet-client";

import { facet } from "./client";

const PAGE = 200;

/** People by pages, those alone whose names begin so. */
export function usePeople(collection: string, prefix: string) {
  return useInfiniteQuery({
    queryKey: ["people", collection, prefix],
    queryFn: ({ pageParam, signal }) =>
      facet.subjects
        .list(collection, { limit: PAGE, ...(prefix && { name_prefix: prefix }) }, { signal })
        .page(pageParam),
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

/** The first face of somebody, which stands for them. */
export function useFirstFace(
  collection: string,
  subject: Pick<Subject, "id" | "faces">,
  wanted = true,
) {
  return useQuery({
    queryKey: ["faces", collection, subject.id, "first"],
    queryFn: async () => {
      const page = await facet.faces.list(collection, { subject: subject.id, limit: 1 }).page();
      return page.items[0] ?? null;
    },
    enabled: wanted && subject.faces > 0,
    staleTime: 60_000,
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
    "rights", "retention", "receipts",
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
