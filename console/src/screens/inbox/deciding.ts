/** Decisions on groups of faces. */

import { useMutation } from "@tanstack/react-query";
import type { GroupSummary } from "facet-client";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { offerUndo } from "../../parts/Undo";
import { useTexts } from "../../texts/language";
import type { Waiting } from "../../parts/waiting";

export function sizeOf(groups: GroupSummary[]): number {
  return groups.reduce((total, one) => total + one.size, 0);
}

/** Erasing groups, ignoring them, and finding that several are one person. */
export function useDecisions(collection: string, add: (decision: Waiting) => void) {
  const t = useTexts();
  const each = (groups: GroupSummary[], call: (group: string) => Promise<unknown>) => async () => {
    for (const { id } of groups) await call(id);
  };
  return {
    discard: (groups: GroupSummary[]) => {
      add({
        about: groups.map((one) => one.id),
        text: t("discarding", { count: sizeOf(groups) }),
        run: each(groups, (group) => facet.groups.discard(collection, group)),
      });
    },
    ignore: (groups: GroupSummary[]) => {
      add({
        about: groups.map((one) => one.id),
        text: t("ignoring", { count: sizeOf(groups) }),
        run: each(groups, (group) => facet.groups.ignore(collection, group)),
      });
    },
    /** The faces of the others join the first. */
    merge: ([first, ...others]: GroupSummary[]) => {
      if (!first || !others.length) return;
      add({
        about: others.map((one) => one.id),
        text: t("mergingGroups", { count: others.length + 1 }),
        run: each(others, (group) => facet.groups.merge(collection, first.id, { group_id: group })),
      });
    },
  };
}

/** Giving some faces of a group one of their own, with the way back. */
export function useSplit(collection: string) {
  const t = useTexts();
  const changed = usePeopleChanged();
  return useMutation({
    mutationFn: ({ group, faces }: { group: string; faces: number[] }) =>
      facet.groups.split(collection, group, { sighting_ids: faces }),
    onError: showFailure,
    onSuccess: async (made, { group }) => {
      await changed();
      offerUndo({
        message: t("wereSplit", { count: made.size }),
        undo: t("undo"),
        onUndo: async () => {
          await facet.groups.merge(collection, group, { group_id: made.id }).catch(showFailure);
          await changed();
        },
      });
    },
  });
}
