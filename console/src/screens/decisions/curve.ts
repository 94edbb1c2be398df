/** The curve of an encoder: how many strangers are as alike as that. */

/** Points of similarity and false-match rate; similarities ascend, rates descend. */
export type Points = [number, number][];

/** The points of a model's card. */
export function pointsOf(curve: Record<string, unknown> | null): Points {
  const points = curve?.["points"];
  return Array.isArray(points) ? (points as Points) : [];
}

/** The similarity at which so few strangers are taken for somebody; linear in log10 of the rate. */
export function similarityAt(points: Points, fmr: number): number {
  const wanted = Math.log10(fmr);
  const found = points.map(([similarity, rate]) => [similarity, Math.log10(rate)] as const);
  const first = found[0];
  if (!first || found.length < 2 || wanted >= first[1]) return first?.[0] ?? Number.NaN;
  for (let index = 1; index < found.length; index++) {
    const [before, after] = [found[index - 1], found[index]];
    if (!before || !after) break;
    if (wanted >= after[1] || index === found.length - 1) {
      const share = (wanted - before[1]) / (after[1] - before[1]);
      return Math.min(1, before[0] + share * (after[0] - before[0]));
    }
  }
  return Number.NaN;
}

/** The rate of one comparison that makes so large a share of searches for strangers name somebody. */
export function comparisonRate(fpir: number, subjects: number): number {
  return 1 - (1 - fpir) ** (1 / Math.max(1, subjects));
}

export interface Missed {
  fmr: number;
  /** Share of comparisons with the right person that are refused. */
  share: number;
  low: number | undefined;
  high: number | undefined;
}

/** What a model's card says of friends that are missed, strictest rate last. */
export function missedOf(metrics: Record<string, unknown>): Missed[] {
  const measured = Object.values(metrics).find(
    (one): one is Record<string, unknown> => isRecord(one) && isRecord(one["fnmr"]),
  );
  if (!measured) return [];
  const bounds = isRecord(measured["confidence_95"]) ? measured["confidence_95"]["fnmr"] : {};
  return Object.entries(measured["fnmr"] as Record<string, number>)
    .map(([rate, share]) => {
      const interval = isRecord(bounds) ? bounds[rate] : undefined;
      const [low, high] = Array.isArray(interval) ? (interval as number[]) : [];
      return { fmr: Number(rate), share, low, high };
    })
    .sort((a, b) => b.fmr - a.fmr);
}

/** The nearest measured share, at a rate at least as strict; the strictest where none is. */
export function missedAt(missed: Missed[], fmr: number): Missed | undefined {
  return missed.find((one) => one.fmr <= fmr * 1.001) ?? missed.at(-1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
