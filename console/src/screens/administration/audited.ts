/** The audit record by pages, newest first. */

import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";

import { facet } from "../../api/client";

type Filter = Omit<NonNullable<Parameters<typeof facet.audit.list>[0]>, "cursor" | "limit">;

export function useAudit(queryKey: QueryKey, filter: Filter, limit: number) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => facet.audit.list({ ...filter, limit }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}
