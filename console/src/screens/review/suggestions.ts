/** Suggestions about who is who, the likeliest first, and answers to them. */

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Collection } from "facet-client";
import { useEffect } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useMay } from "../../api/session";
import { useOrdered } from "../jobs/ordered";

const PAGE = 50;

export function useSuggestions(collection: string) {
  return useInfiniteQuery({
    queryKey: ["review", collection],
    queryFn: ({ pageParam }) => facet.review.list(collection, { limit: PAGE }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** Having suggestions looked for, and the job that does. */
export function useFinding(collection: Collection) {
  const cache = useQueryClient();
  const may = useMay();
  const { data: job } = useOrdered("find-suggestions", collection.id, may("jobs"));
  const order = useMutation({
    mutationFn: () => facet.review.find(collection.name),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["jobs"] }),
  });
  const found = job?.state === "succeeded" ? job.id : undefined;
  useEffect(() => {
    if (found) void cache.invalidateQueries({ queryKey: ["review", collection.name] });
  }, [found, cache, collection.name]);
  return { job, order };
}
