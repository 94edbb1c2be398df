/** Limits of a key, as people call them. */

import type { KeyLimits } from "facet-client";

import type { Key } from "../../texts/language";

export const LIMITS: [keyof KeyLimits, Key][] = [
  ["requests_per_second", "limitRequests"],
  ["pictures_per_second", "limitPictures"],
  ["workers", "limitWorkers"],
  ["streams", "limitStreams"],
  ["jobs", "limitJobs"],
];
