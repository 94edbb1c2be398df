/** Where a similarity stands on the curve of strangers. */

import { Box, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";

import { facet } from "../../api/client";
import { useMay } from "../../api/session";
import { useTexts } from "../../texts/language";
import type { Mark } from "../../parts/LineChart";
import { pointsOf } from "../decisions/curve";

const Lines = lazy(() => import("../../parts/LineChart"));

interface Props {
  encoder: string;
  threshold: number;
  similarity: number | null;
}

export function StrangerCurve({ encoder, threshold, similarity }: Props) {
  const t = useTexts();
  const may = useMay();
  const card = useModel(encoder, may("models"));
  const points = pointsOf(card.data?.curve ?? null).map(([x, y]) => ({ x, y }));
  if (points.length < 2) return null;
  const marks: Mark[] = [{ x: threshold, label: t("threshold"), color: "orange.6" }];
  if (similarity !== null) {
    // A face that is more alike than any stranger stands at the end of their curve.
    const xs = points.map((one) => one.x);
    const x = Math.min(Math.max(similarity, Math.min(...xs)), Math.max(...xs));
    marks.push({ x, label: t("thisFace"), color: "blue.6", labelPosition: "insideTopRight" });
  }
  return (
    <Suspense fallback={<Skeleton h={180} />}>
      <Box role="img" aria-label={t("curveOfStrangers")}>
        <Lines points={points} name={t("strangersAsAlike")} xName={t("similarity")} marks={marks} />
      </Box>
    </Suspense>
  );
}

export function useModel(key: string | undefined, allowed: boolean) {
  return useQuery({
    queryKey: ["model", key],
    queryFn: () => facet.models.get(key ?? ""),
    enabled: allowed && key !== undefined,
    staleTime: 600_000,
  });
}
