/** In which order groups are gone through; the browser remembers it. */

import { useLocalStorage } from "@mantine/hooks";
import type { GroupSummary } from "facet-client";
import { useState } from "react";

const ORDERS = {
  /** As the server lists them. */
  largest: () => 0,
  /** Those first that are the most like somebody who is known. */
  likeliest: (a: GroupSummary, b: GroupSummary) => rateOf(a) - rateOf(b),
  newest: (a: GroupSummary, b: GroupSummary) => Date.parse(b.until) - Date.parse(a.until),
};

export type Order = keyof typeof ORDERS;

export function useOrder() {
  const [kept, setOrder] = useLocalStorage<Order>({
    key: "facet-inbox-order",
    defaultValue: "largest",
    getInitialValueInEffect: false,
  });
  return { order: Object.hasOwn(ORDERS, kept) ? kept : "largest", setOrder };
}

/** The groups as they were ordered at first; what has come since stands at the end. */
export function useOrdered(groups: GroupSummary[], order: Order): GroupSummary[] {
  // Nothing moves while it is looked at, or a key would be about another group than was meant.
  const [places] = useState(() => placesOf(groups, order));
  if (order === "largest") return groups;
  const placeOf = (one: GroupSummary) => places.get(one.id) ?? places.size;
  return [...groups].sort((a, b) => placeOf(a) - placeOf(b));
}

export function placesOf(groups: GroupSummary[], order: Order): Map<string, number> {
  return new Map([...groups].sort(ORDERS[order]).map((one, place) => [one.id, place]));
}

/** The rate of strangers as alike as the group is to somebody; beyond every rate where nobody is near. */
function rateOf(group: GroupSummary): number {
  const [first] = group.nearest;
  return first ? (first.fmr ?? 1) : 2;
}
