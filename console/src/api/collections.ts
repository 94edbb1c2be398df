/** The collections that the caller sees, and the one that is looked at. */

import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Collection } from "facet-client";
import { useCallback } from "react";

import { facet } from "./client";
import { useMay } from "./session";

export function useCollections() {
  const may = useMay();
  return useQuery({
    queryKey: ["collections"],
    queryFn: () => facet.collections.list({ limit: 200 }).all(),
    enabled: may("browse"),
  });
}

/** The collection that the address names, or else the first. */
export function useCollection(): Collection | undefined {
  const { c } = useSearch({ strict: false });
  const { data } = useCollections();
  return data?.find((one) => one.name === c) ?? data?.[0];
}

/** Whether its names can be looked up as wholes alone. */
export function useSealed(collection: string): boolean {
  const { data } = useCollections();
  return data?.find((one) => one.name === collection)?.sealed ?? false;
}

export function useChooseCollection(): (name: string) => void {
  const navigate = useNavigate();
  return useCallback(
    (name: string) => void navigate({ to: ".", search: (before) => ({ ...before, c: name }) }),
    [navigate],
  );
}
