/** A grid that draws no more people than are seen. */

import { useElementSize } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import type { Subject } from "facet-client";
import { useEffect, useMemo, type MouseEvent } from "react";

import style from "./grid.module.css";
import { GAP, PeopleRow, ROW } from "./PeopleRow";

const CARD = 150;
/** Where the grid begins on the page. */
const ABOVE = 130;

interface Props {
  collection: string;
  people: Subject[];
  more: boolean;
  /** Whether everybody is needed at once. */
  eager: boolean;
  onMore: () => void;
}

export function PeopleGrid({ collection, people, more, eager, onMore }: Props) {
  const { ref, width } = useElementSize();
  const columns = Math.max(2, Math.floor((width + GAP) / (CARD + GAP)));
  const rows = useWindowVirtualizer({
    count: Math.ceil(people.length / columns),
    estimateSize: () => ROW,
    overscan: 2,
    scrollMargin: ABOVE,
  });
  const { address, follow } = usePages();
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && (eager || (last + 6) * columns >= people.length)) onMore();
  }, [more, eager, last, columns, people.length, onMore]);
  return (
    <div
      ref={ref}
      className={style["grid"]}
      style={{ height: rows.getTotalSize() }}
      role="list"
      onClick={follow}
    >
      {width > 0 &&
        shown.map((row) => (
          <PeopleRow
            address={address}
            key={row.key}
            collection={collection}
            people={people}
            first={row.index * columns}
            columns={columns}
            top={row.start - ABOVE}
            still={!rows.isScrolling}
          />
        ))}
    </div>
  );
}

const ANYBODY = "anybody";

/**
 * Addresses of people's pages, and the way there without loading the console anew. A link of the
 * router for each card takes longer than everything else that is drawn of it.
 */
function usePages() {
  const router = useRouter();
  return useMemo(() => {
    const page = router.buildLocation({ to: "/people/$subject", params: { subject: ANYBODY } });
    const pattern = router.history.createHref(page.publicHref);
    return {
      address: (id: string) => pattern.replace(ANYBODY, encodeURIComponent(id)),
      follow: (event: MouseEvent<HTMLElement>) => {
        const { subject } = (event.target as Element).closest("a")?.dataset ?? {};
        const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
        if (subject === undefined || elsewhere || event.button !== 0) return;
        event.preventDefault();
        void router.navigate({
          to: "/people/$subject",
          params: { subject },
          state: { fromPeople: true },
        });
      },
    };
  }, [router]);
}
