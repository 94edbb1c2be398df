/** Two pictures: do they show the same person? */

import { Alert, Badge, Button, Group, Image, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ComparedFace, Verification } from "facet-client";
import { useCallback, useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { FacePreview } from "./FacePreview";
import { PictureDrop } from "../../parts/PictureDrop";
import { useAddress } from "../../parts/useAddress";
import { useRate } from "../../parts/useRate";
import { useTexts } from "../../texts/language";
import { RawRequest } from "./RawRequest";
import { numberOf } from "./Why";

export function Compare() {
  const t = useTexts();
  const [reference, setReference] = useState<File>();
  const [probe, setProbe] = useState<File>();
  const compare = useMutation({
    mutationFn: (pair: { reference: File; probe: File }) => facet.verify(pair),
  });
  const { reset } = compare;
  const chooseReference = useCallback(
    ([file]: File[]) => {
      setReference(file);
      reset();
    },
    [reset],
  );
  const chooseProbe = useCallback(
    ([file]: File[]) => {
      setProbe(file);
      reset();
    },
    [reset],
  );
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Side file={reference} label={t("firstPicture")} onPictures={chooseReference} face={compare.data?.reference} />
        <Side file={probe} label={t("secondPicture")} onPictures={chooseProbe} face={compare.data?.probe} />
      </SimpleGrid>
      <Group>
        <Button
          disabled={!reference || !probe}
          loading={compare.isPending}
          onClick={() => {
            if (reference && probe) compare.mutate({ reference, probe });
          }}
        >
          {t("compare")}
        </Button>
      </Group>
      {compare.error && (
        <Alert color="red" role="alert" title={toldOf(compare.error).title}>
          {toldOf(compare.error).message}
        </Alert>
      )}
      {compare.data && reference && probe && (
        <>
          <Verdict verification={compare.data} />
          <RawRequest
            path="/v1/verify"
            files={[
              ["reference", reference.name],
              ["probe", probe.name],
            ]}
            python={`facet.verify(${JSON.stringify(reference.name)}, ${JSON.stringify(probe.name)})`}
            typescript="await facet.verify({ reference, probe })"
            answer={compare.data}
          />
        </>
      )}
    </Stack>
  );
}

interface SideProps {
  file: File | undefined;
  label: string;
  face: ComparedFace | null | undefined;
  onPictures: (files: File[]) => void;
}

function Side({ file, label, face, onPictures }: SideProps) {
  const address = useAddress(file);
  return (
    <Stack>
      <PictureDrop onPictures={onPictures} label={label} paste={false} />
      {file && face ? (
        <FacePreview file={file} box={face.box} />
      ) : (
        address && <Image src={address} alt={label} mah={320} w="auto" fit="contain" />
      )}
    </Stack>
  );
}

function Verdict({ verification }: { verification: Verification }) {
  const t = useTexts();
  const rate = useRate();
  const { match, similarity, threshold, fmr, fmr_is_bound } = verification;
  return (
    <Alert color={match ? "teal" : "orange"} role="status">
      <Group>
        <Badge size="lg" color={match ? "teal" : "orange"}>
          {match ? t("same") : t("notSame")}
        </Badge>
        <Text>
          {t("similarity")} {numberOf(similarity)}, {t("threshold")} {numberOf(threshold)},{" "}
          {t("strangersAsAlike")} {rate(fmr, fmr_is_bound)}
        </Text>
      </Group>
    </Alert>
  );
}
