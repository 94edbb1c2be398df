/** The face of a file that took part in a comparison. */

import { Image } from "@mantine/core";
import type { Box } from "facet-client";
import { useEffect, useState } from "react";

import { cropped } from "../../parts/pixels";
import { useAddress } from "../../parts/useAddress";
import { useTexts } from "../../texts/language";

export function FacePreview({ file, box }: { file: File; box: Box }) {
  const t = useTexts();
  const [crop, setCrop] = useState<Blob>();
  useEffect(() => {
    let gone = false;
    void cropped(file, box).then((one) => {
      if (!gone) setCrop(one);
    });
    return () => {
      gone = true;
    };
  }, [file, box]);
  const address = useAddress(crop);
  return <Image src={address ?? null} alt={t("theFace")} mah={320} w="auto" fit="contain" />;
}
