/** Everybody of a picture against a collection. */

import { Alert, Grid, Image, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Collection, Recognition } from "facet-client";
import { useCallback, useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { FaceBoxes } from "../../parts/FaceBoxes";
import { PictureDrop } from "../../parts/PictureDrop";
import { useAddress } from "../../parts/useAddress";
import { useTexts } from "../../texts/language";
import { RawRequest } from "./RawRequest";
import { Why } from "./Why";

export function InPicture({ collection }: { collection: Collection }) {
  const t = useTexts();
  const [picture, setPicture] = useState<File>();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (image: File) => facet.recognize(collection.name, { image, candidates: 5 }),
  });
  const onPictures = useCallback(
    ([file]: File[]) => {
      if (!file) return;
      setPicture(file);
      mutate(file);
    },
    [mutate],
  );
  return (
    <Stack>
      <PictureDrop onPictures={onPictures} label={t("picture")} loading={isPending} />
      {error && (
        <Alert color="red" role="alert" title={toldOf(error).title}>
          {toldOf(error).message}
        </Alert>
      )}
      {data && picture && (
        <>
          <Found collection={collection} picture={picture} recognition={data} />
          <RawRequest
            path={`/v1/collections/${encodeURIComponent(collection.name)}/recognize`}
            files={[["image", picture.name]]}
            python={`facet.recognize(${JSON.stringify(collection.name)}, ${JSON.stringify(picture.name)})`}
            typescript={`await facet.recognize(${JSON.stringify(collection.name)}, { image })`}
            answer={data}
          />
        </>
      )}
      {!data && !error && <Text c="dimmed">{t("tryHint")}</Text>}
    </Stack>
  );
}

interface FoundProps {
  collection: Collection;
  picture: File;
  recognition: Recognition;
}

function Found({ collection, picture, recognition }: FoundProps) {
  const t = useTexts();
  const address = useAddress(picture);
  const [chosen, setChosen] = useState(0);
  const face = recognition.faces[chosen] ?? recognition.faces[0];
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Text role="status" mb="xs">
          {t("facesFound", { count: recognition.faces.length })}
        </Text>
        {recognition.rotation > 0 && <Alert mb="xs">{t("turned")}</Alert>}
        <FaceBoxes
          width={recognition.width}
          height={recognition.height}
          faces={recognition.faces.map((one) => ({
            box: one.box,
            label: one.subject?.name ?? t("unknown"),
            known: one.decision === "known",
          }))}
          chosen={chosen}
          onChoose={setChosen}
        >
          <Image src={address ?? null} alt={t("picture")} mah="70vh" w="auto" maw="100%" />
        </FaceBoxes>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        {face && <Why collection={collection} recognition={recognition} face={face} picture={picture} />}
      </Grid.Col>
    </Grid>
  );
}
