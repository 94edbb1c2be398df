/** How many strangers are as alike, by similarity, as far as comparisons support it. */

import { Box, Skeleton, Text } from "@mantine/core";
import { lazy, Suspense } from "react";

import type { Mark } from "../../parts/LineChart";
import { useRate } from "../../parts/useRate";
import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { powersWithin, similarityAt, supportedPart, togetherBySimilarity, type Points } from "./curve";

const Lines = lazy(() => import("../../parts/LineChart"));

export interface Curve {
  name: string;
  points: Points;
  /** The smallest rate that comparisons support. */
  supported: number | null;
}

interface Props {
  title: string;
  curves: [Curve] | [Curve, Curve];
  marks: Mark[];
}

export function CurveChart({ title, curves, marks }: Props) {
  const t = useTexts();
  const rate = useRate();
  const [first, second] = curves;
  const drawn = curves.map((one) => supportedPart(one.points, one.supported));
  const rates = drawn.flat().map((one) => one[1]);
  const spoken = curves.map(({ name }, index) => {
    const points = drawn[index] ?? [];
    const ends = points.at(-1)?.[1] ?? 1;
    const steps = [...new Set([...powersWithin(points.map((one) => one[1])), ends])];
    return `${name}: ${steps
      .map((step) =>
        t("rateAtSimilarity", { rate: rate(step), similarity: decimalOf(similarityAt(points, step), 2) }),
      )
      .join("; ")}`;
  });
  return (
    <>
      <Suspense fallback={<Skeleton h={220} />}>
        <Box role="img" aria-label={[title, ...spoken].join(". ")}>
          <Lines
            points={togetherBySimilarity(drawn[0] ?? [], drawn[1] ?? [])}
            name={first.name}
            {...(second && { otherName: second.name })}
            xName={t("similarity")}
            ticks={powersWithin(rates)}
            // A chart breaks its labels at spaces.
            tickName={(value) => rate(value).replaceAll(" ", "\u00a0")}
            marks={marks}
          />
        </Box>
      </Suspense>
      <Text size="xs" c="dimmed">
        {t("curveEnds", { rate: rate(Math.min(...rates)) })}
      </Text>
    </>
  );
}
