/** The basis on which somebody is kept, and what changes it. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RightsChangeRightsOptions } from "facet-client";

import { facet, SERVER } from "../../api/client";
import { showFailure } from "../../api/failures";

export function useRights(collection: string, subject: string) {
  return useQuery({
    queryKey: ["rights", collection, subject],
    queryFn: () => facet.rights.getRights(collection, subject),
  });
}

export function useChangeRights(collection: string, subject: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (changes: RightsChangeRightsOptions) =>
      facet.rights.changeRights(collection, subject, changes),
    onError: showFailure,
    onSuccess: async (rights) => {
      cache.setQueryData(["rights", collection, subject], rights);
      await cache.invalidateQueries({ queryKey: ["retention"] });
      await cache.invalidateQueries({ queryKey: ["health"] });
    },
  });
}

/** Where everything that is kept of somebody is fetched as a zip. */
export function exportAddress(collection: string, subject: string): string {
  const [where, who] = [encodeURIComponent(collection), encodeURIComponent(subject)];
  return new URL(`v1/collections/${where}/subjects/${who}/export`, SERVER).href;
}

/** The instant at which a day begins, in the reader's own zone. */
export function beginningOf(day: string): string {
  return new Date(`${day}T00:00`).toISOString();
}
