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

/** The rate at a similarity within the points; linear in its logarithm. */
export function rateAt(points: Points, similarity: number): number {
  for (let index = 1; index < points.length; index++) {
    const [before, after] = [points[index - 1], points[index]];
    if (!before || !after || similarity > after[0]) continue;
    const share = (similarity - before[0]) / (after[0] - before[0]);
    return before[1] * (after[1] / before[1]) ** Math.max(0, share);
  }
  return points.at(-1)?.[1] ?? Number.NaN;
}

/** The part of a curve down to the smallest rate that comparisons support; what lies below is a guess. */
export function supportedPart(points: Points, least: number | null): Points {
  const last = points.at(-1);
  if (least === null || !last || last[1] >= least) return points;
  return [...points.filter(([, rate]) => rate > least), [similarityAt(points, least), least]];
}

export interface Rated {
  x: number;
  /** Of the first curve, and of the second, as far as they go. */
  y?: number;
  z?: number;
}

/** Two curves as rows of one table; the second may be empty. */
export function togetherBySimilarity(first: Points, second: Points): Rated[] {
  const similarities = [...new Set([...first, ...second].map(([similarity]) => similarity))];
  const goes = (points: Points, x: number) => x <= (points.at(-1)?.[0] ?? -Infinity);
  return similarities
    .sort((a, b) => a - b)
    .map((x) => ({
      x,
      ...(goes(first, x) && { y: rateAt(first, x) }),
      ...(goes(second, x) && { z: rateAt(second, x) }),
    }));
}

/** Powers of ten that lie within rates, the largest first. */
export function powersWithin(rates: number[]): number[] {
  const [most, least] = [Math.max(...rates), Math.min(...rates)];
  const powers: number[] = [];
  for (let digits = 0; 10 ** -digits >= least * 0.999; digits++) {
    if (10 ** -digits <= most) powers.push(Number(`1e-${String(digits)}`));
  }
  return powers;
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
