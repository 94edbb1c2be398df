/** Which group is looked at, which are chosen, and which of its faces. */

import type { GroupSummary } from "facet-client";
import { useState } from "react";

const NONE: ReadonlySet<string> = new Set();

export type Choosing = ReturnType<typeof useChoosing>;

export function useChoosing(left: GroupSummary[]) {
  const [place, setPlace] = useState(0);
  const [picked, setPicked] = useState(NONE);
  const [faces, setFaces] = useState<{ group: string; ids: number[] }>();
  const at = Math.max(0, Math.min(place, left.length - 1));
  const current = left[at];
  // What has gone meanwhile is chosen no more.
  const chosen = left.filter((one) => picked.has(one.id));
  const toggle = (id: string) => {
    setPicked((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  };
  const go = (step: number) => {
    const next = Math.max(0, Math.min(at + step, left.length - 1));
    setPlace(next);
    return left[next];
  };
  return {
    current,
    chosen,
    /** Those that a decision is about. */
    meant: chosen.length || !current ? chosen : [current],
    chosenFaces: faces?.group === current?.id ? (faces?.ids ?? []) : [],
    go,
    /** Choose the group that is looked at and the next one. */
    extend: (step: number) => {
      const next = go(step);
      setPicked((before) => new Set([...before, ...[current, next].flatMap((one) => one?.id ?? [])]));
    },
    look: (id: string) => {
      setPlace(left.findIndex((one) => one.id === id));
    },
    toggle,
    chooseFaces: (ids: number[]) => {
      if (current) setFaces({ group: current.id, ids });
    },
    clear: () => {
      setPicked(NONE);
      setFaces(undefined);
    },
  };
}
