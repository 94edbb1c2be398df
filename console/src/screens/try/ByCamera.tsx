/** Everybody before the camera against a collection, again and again. */

import type { Collection } from "facet-client";
import { useCallback } from "react";

import { facet } from "../../api/client";
import { Camera, type Seen } from "../../parts/Camera";
import { useTexts } from "../../texts/language";

export function ByCamera({ collection }: { collection: Collection }) {
  const t = useTexts();
  const look = useCallback(
    async (image: Blob): Promise<Seen> => {
      const { faces } = await facet.recognize(collection.name, { image, candidates: 0 });
      const boxed = faces.map((one) => ({
        box: one.box,
        label: one.subject?.name ?? t("unknown"),
        known: one.decision === "known",
      }));
      const names = boxed.map((one) => one.label).join(", ");
      return { faces: boxed, advice: names || t("adviceNobody") };
    },
    [collection.name, t],
  );
  return <Camera look={look} />;
}
