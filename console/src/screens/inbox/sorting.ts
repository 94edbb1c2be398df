/** What can be done with groups: those that are chosen, or else the one that is looked at. */

import type { Collection, GroupSummary } from "facet-client";

import { useMay } from "../../api/session";
import type { Choosing } from "./choosing";
import { useDecisions, useSplit } from "./deciding";
import type { Step } from "./GroupView";
import type { Waiting } from "../../parts/waiting";

interface Props {
  collection: Collection;
  choosing: Choosing;
  add: (decision: Waiting) => void;
  onAssign: () => void;
  onNew: () => void;
}

export function useSorting({ collection, choosing, add, onAssign, onNew }: Props) {
  const may = useMay();
  const { current, chosen, meant, chosenFaces } = choosing;
  const decide = useDecisions(collection.name, add);
  const { mutate: splitOff } = useSplit(collection.name);
  const mayAssign = may("enroll") && may("browse");
  const maySplit = mayAssign && chosenFaces.length > 0 && chosenFaces.length < (current?.size ?? 0);
  const when = (allowed: boolean, call: (groups: GroupSummary[]) => void) => () => {
    if (!allowed || !meant.length) return;
    call(meant);
    choosing.clear();
  };
  // What is chosen stays so until it is known who it is.
  const asked = (open: () => void) => () => {
    if (mayAssign && current) open();
  };
  const assign = asked(onAssign);
  const asNew = asked(onNew);
  const discard = when(may("erase"), decide.discard);
  const ignore = when(mayAssign, decide.ignore);
  const merge = when(mayAssign && chosen.length > 1, decide.merge);
  const split = () => {
    if (!current || !maySplit) return;
    splitOff({ group: current.id, faces: chosenFaces });
    choosing.clear();
  };
  const steps: Step[] = [
    { text: "keyAssign", sign: "Enter", run: mayAssign ? assign : undefined, first: true },
    { text: "keyNew", sign: "N", run: mayAssign ? asNew : undefined },
    { text: "keyIgnore", sign: "I", run: mayAssign ? ignore : undefined },
    { text: "keyMerge", sign: "M", run: mayAssign ? merge : undefined, disabled: chosen.length < 2 },
    { text: "keySplit", sign: "S", run: mayAssign ? split : undefined, disabled: !maySplit },
    { text: "keyDiscard", sign: "X", run: may("erase") ? discard : undefined, grave: true },
  ];
  const mayDecide = steps.some((one) => one.run);
  return { mayAssign, mayDecide, steps, actions: { assign, asNew, discard, ignore, merge, split } };
}
