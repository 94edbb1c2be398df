/** How people are found by what they are called. */

import type { SubjectsListOptions } from "facet-client";

/** Those whose names begin so; of a sealed collection, whoever is called so. Everybody of "". */
export function calledSo(typed: string, sealed: boolean): SubjectsListOptions {
  const name = typed.trim();
  if (!name) return {};
  return sealed ? { name } : { name_prefix: name };
}
