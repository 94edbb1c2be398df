/** Sizes of files and lengths of time as people read them. */

import { decimalOf } from "../../texts/numbers";

const UNITS = ["B", "kB", "MB", "GB"];

/** Such as `38.7 MB`; nothing where the size is not known. */
export function bytesOf(size: number | null | undefined): string | undefined {
  if (size == null) return undefined;
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${decimalOf(value, unit === 0 || value >= 100 ? 0 : 1)} ${UNITS[unit] ?? ""}`;
}

/** Such as `40 s`, `3 min` or `2.5 h`. */
export function timeOf(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  if (seconds < 5400) return `${String(Math.round(seconds / 60))} min`;
  return `${decimalOf(seconds / 3600, 1)} h`;
}
