/** The policy of a collection as a form. */

import type { Policy } from "facet-client";

/** Fields that are numbers, as they stand together. */
export const FIELDS = {
  rates: ["max_fpir", "max_fmr"],
  enrolment: ["min_quality"],
  remember: ["remember_days", "remember_per_day", "remember_quality"],
  bounds: ["keep_days", "max_subjects", "max_faces", "max_bytes"],
} as const;

export type NumberField = (typeof FIELDS)[keyof typeof FIELDS][number];

const NULLABLE = new Set<NumberField>([...FIELDS.rates, ...FIELDS.enrolment, ...FIELDS.bounds]);

/** Whether the field may be left empty, and then bounds nothing. */
export function isNullable(field: NumberField): boolean {
  return NULLABLE.has(field);
}

/** What differs; the server leaves alone whatever is not named. */
export function changesOf(before: Policy, after: Policy): Partial<Policy> {
  const changed = Object.entries(after).filter(
    ([field, value]) => before[field as keyof Policy] !== value,
  );
  return Object.fromEntries(changed) as Partial<Policy>;
}
