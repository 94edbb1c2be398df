/** Saying that a group is not the person that it looks like, with the way back. */

import { useMutation, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import type { GroupSummary, NearestSubject } from "facet-client";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { offerUndo } from "../../parts/Undo";
import { useTexts } from "../../texts/language";

interface Denial {
  group: GroupSummary;
  subject: NearestSubject;
}

interface Page {
  items: GroupSummary[];
}

/** The newest faces of the group are said not to be theirs: recognition heeds them. */
const MOST = 50;

/** Whom the group looks like most, and the means to say that it is not they. */
export function useDenying(collection: string, group: GroupSummary | undefined, allowed: boolean) {
  const { mutate } = useDenial(collection);
  const likeliest = group?.nearest[0];
  const notThem =
    allowed && group && likeliest
      ? () => {
          mutate({ group, subject: likeliest });
        }
      : undefined;
  return { likeliest, notThem };
}

function useDenial(collection: string) {
  const t = useTexts();
  const cache = useQueryClient();
  const changed = usePeopleChanged();
  const list = ["groups", collection];
  return useMutation({
    mutationFn: async ({ group, subject }: Denial) => {
      const seen = await facet.sightings.list(collection, { group: group.id, limit: MOST });
      return facet.negatives.deny(collection, subject.id, {
        sighting_ids: seen.items.map((one) => one.id),
      });
    },
    // The suggestion goes as soon as the key is pressed.
    onMutate: async ({ group, subject }) => {
      await cache.cancelQueries({ queryKey: list, exact: true });
      const before = cache.getQueryData<InfiniteData<Page>>(list);
      cache.setQueryData<InfiniteData<Page>>(list, (held) => held && without(held, group, subject));
      return before;
    },
    onError: (error, _, before) => {
      cache.setQueryData(list, before);
      showFailure(error);
    },
    onSuccess: async (denied, { group, subject }) => {
      await changed();
      offerUndo({
        message: t("notThem", { count: group.size, name: subject.name }),
        undo: t("undo"),
        onUndo: async () => {
          await facet.operations.undo(collection, denied.operation_id).catch(showFailure);
          await changed();
        },
      });
    },
  });
}

function without<T extends InfiniteData<Page>>(held: T, group: GroupSummary, subject: NearestSubject): T {
  const rest = group.nearest.filter((one) => one.id !== subject.id);
  const pages = held.pages.map((page) => ({
    ...page,
    items: page.items.map((one) => (one.id === group.id ? { ...one, nearest: rest } : one)),
  }));
  return { ...held, pages };
}
