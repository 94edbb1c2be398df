/** Kinds of jobs and how far they are, in the reader's words where there are some. */

import type { Job } from "facet-client";

import type { Key, Values } from "../../texts/language";

export const KINDS = {
  calibration: "jobCalibration",
  "find-suggestions": "jobSuggestions",
  "health-check": "jobHealth",
  "model-pull": "jobPull",
  reencoding: "jobReencoding",
  regrouping: "jobRegrouping",
  renewal: "jobRenewal",
  "run-retention": "jobRetention",
  "style-transfer": "styleTransfer",
} as const satisfies Record<string, Key>;

export type Kind = keyof typeof KINDS;

/** Texts by the kind, with the figures that they need of the progress. */
const PROGRESS: Partial<Record<string, [Key, string[]]>> = {
  calibration: ["facesCompared", ["done", "total"]],
  "find-suggestions": ["facesCompared", ["done", "total"]],
  "health-check": ["facesCompared", ["done", "total"]],
  reencoding: ["facesReady", ["ready", "faces"]],
  renewal: ["facesReady", ["ready", "faces"]],
  "run-retention": ["peopleErased", ["done", "total"]],
  "style-transfer": ["paintingStep", ["size", "sizes", "step_at_size", "steps_at_size"]],
};

/** What the server says of it, where there is no text or a figure is missing. */
export function progressIn(t: (key: Key, values?: Values) => string, { kind, progress }: Job): string {
  const [key, wanted] = PROGRESS[kind] ?? [];
  if (!key || !wanted) return progress.message;
  const figures = wanted.map((name) => [name, progress.data[name]] as const);
  if (!figures.every((one): one is [string, number] => typeof one[1] === "number")) return progress.message;
  return t(key, Object.fromEntries(figures));
}
