/** Where a similarity stands on the curve of strangers. */

import { useQuery } from "@tanstack/react-query";

import { facet } from "../../api/client";
import { useMay } from "../../api/session";
import { useTexts } from "../../texts/language";
import type { Mark } from "../../parts/LineChart";
import { CurveChart } from "../decisions/CurveChart";
import { pointsOf } from "../decisions/curve";

interface Props {
  encoder: string;
  threshold: number;
  similarity: number | null;
}

export function StrangerCurve({ encoder, threshold, similarity }: Props) {
  const t = useTexts();
  const may = useMay();
  const card = useModel(encoder, may("models"));
  const points = pointsOf(card.data?.curve ?? null);
  if (points.length < 2) return null;
  const marks: Mark[] = [{ x: threshold, label: t("threshold"), color: "orange.6" }];
  if (similarity !== null) {
    marks.push({ x: similarity, label: t("thisFace"), color: "blue.6", labelPosition: "insideTopRight" });
  }
  const supported = card.data?.supported_fmr ?? null;
  return (
    <CurveChart
      title={t("curveOfStrangers")}
      curves={[{ name: t("strangersAsAlike"), points, supported }]}
      marks={marks}
    />
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
