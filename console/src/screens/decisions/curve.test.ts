import { describe, expect, it } from "vitest";

import {
  comparisonRate,
  missedAt,
  missedOf,
  pointsOf,
  powersWithin,
  similarityAt,
  supportedPart,
  togetherBySimilarity,
} from "./curve";

const POINTS: [number, number][] = [
  [0.8, 0.9],
  [0.9, 0.01],
  [0.95, 0.0001],
];

describe("the curve of strangers", () => {
  it("is linear in the logarithm of the rate, and goes on beyond its last point", () => {
    expect(similarityAt(POINTS, 0.01)).toBeCloseTo(0.9);
    expect(similarityAt(POINTS, 0.001)).toBeCloseTo(0.925);
    expect(similarityAt(POINTS, 0.00001)).toBeCloseTo(0.975);
    expect(similarityAt(POINTS, 1e-9)).toBe(1);
    expect(similarityAt(POINTS, 0.99)).toBe(0.8);
    expect(similarityAt([], 0.01)).toBeNaN();
  });

  it("is read from a card, or is empty", () => {
    expect(pointsOf({ points: POINTS })).toEqual(POINTS);
    expect(pointsOf(null)).toEqual([]);
  });

  it("is asked more strictly the more people there are", () => {
    expect(comparisonRate(0.01, 1)).toBeCloseTo(0.01);
    expect(comparisonRate(0.01, 1000)).toBeCloseTo(1.005e-5, 8);
    expect(comparisonRate(0.01, 0)).toBeCloseTo(0.01);
  });
});

describe("the curve in a chart", () => {
  it("ends at the rate that comparisons support, if there is such a bound", () => {
    const part = supportedPart(POINTS, 0.001);
    expect(part.slice(0, 2)).toEqual(POINTS.slice(0, 2));
    expect(part[2]?.[0]).toBeCloseTo(0.925);
    expect(part[2]?.[1]).toBe(0.001);
    expect(part).toHaveLength(3);
    expect(supportedPart(POINTS, null)).toEqual(POINTS);
    expect(supportedPart(POINTS, 1e-9)).toEqual(POINTS);
  });

  it("has a mark at each power of ten", () => {
    expect(powersWithin([0.9, 4e-6])).toEqual([0.1, 0.01, 0.001, 0.0001, 0.00001]);
    expect(powersWithin([1, 0.001])).toEqual([1, 0.1, 0.01, 0.001]);
  });

  it("goes on beside another that ends before", () => {
    const rows = togetherBySimilarity(POINTS, supportedPart(POINTS, 0.001));
    expect(rows.map((one) => one.x)).toEqual([0.8, 0.9, expect.closeTo(0.925), 0.95]);
    expect(rows[2]?.y).toBeCloseTo(0.001);
    expect(rows[2]?.z).toBeCloseTo(0.001);
    expect(rows[3]).toEqual({ x: 0.95, y: 0.0001 });
    expect(togetherBySimilarity(POINTS, [])[0]).toEqual({ x: 0.8, y: 0.9 });
  });
});

describe("friends that are missed", () => {
  const metrics = {
    other: { rate: 1 },
    verification: {
      fnmr: { "1e-3": 0.06, "1e-2": 0.02 },
      confidence_95: { fnmr: { "1e-3": [0.04, 0.09] } },
    },
  };

  it("are read from what was measured, with bounds where there are some", () => {
    expect(missedOf(metrics)).toEqual([
      { fmr: 0.01, share: 0.02, low: undefined, high: undefined },
      { fmr: 0.001, share: 0.06, low: 0.04, high: 0.09 },
    ]);
    expect(missedOf({})).toEqual([]);
  });

  it("are those at a rate at least as strict, or else at the strictest", () => {
    const missed = missedOf(metrics);
    expect(missedAt(missed, 0.005)?.share).toBe(0.06);
    expect(missedAt(missed, 0.01)?.share).toBe(0.02);
    expect(missedAt(missed, 1e-6)?.share).toBe(0.06);
  });
});
