/** Shares and counts as people read them. */

import { countOf } from "../../texts/numbers";

export interface Decade {
  label: string;
  first: number;
  second: number;
}

/** Counts by powers of ten of a rate, as shares of all: above 0.1, above 0.01, …; the rest is last. */
export function byDecade(first: number[], second: number[], told: (rate: number) => string): Decade[] {
  const [all, others] = [sum(first), sum(second)];
  const length = Math.max(first.length, second.length);
  return Array.from({ length }, (_, index) => ({
    label: index + 1 < length ? `> ${told(10 ** -(index + 1))}` : `≤ ${told(10 ** -index)}`,
    first: (first[index] ?? 0) / Math.max(1, all),
    second: (second[index] ?? 0) / Math.max(1, others),
  }));
}

export function percent(share: number | null | undefined): string {
  if (share == null) return "–";
  return `${countOf(Math.round(share * 1000) / 10)} %`;
}

function sum(counts: number[]): number {
  return counts.reduce((total, one) => total + one, 0);
}
