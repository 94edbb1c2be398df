/** Why somebody was named, or was not: who is nearest, and on which side of the threshold. */

import { Anchor, Badge, Card, Group, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Candidate, Collection, RecognisedFace, Recognition } from "facet-client";
import { useEffect, useState } from "react";

import { FacePicture } from "../../parts/FacePicture";
import { cropped } from "../../parts/pixels";
import { useAddress } from "../../parts/useAddress";
import { reasonIn } from "../../parts/reasons";
import { useRate } from "../../parts/useRate";
import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { StrangerCurve } from "./StrangerCurve";

interface Props {
  collection: Collection;
  recognition: Recognition;
  face: RecognisedFace;
  picture: Blob;
}

export function Why({ collection, recognition, face, picture }: Props) {
  const t = useTexts();
  const rate = useRate();
  const [crop, setCrop] = useState<Blob>();
  useEffect(() => {
    let gone = false;
    void cropped(picture, face.box).then((one) => {
      if (!gone) setCrop(one);
    });
    return () => {
      gone = true;
    };
  }, [picture, face.box]);
  const probe = useAddress(crop);
  const { score, reasons } = face.quality;
  return (
    <Card withBorder>
      <Stack>
        <Group justify="space-between">
          <Title order={2} size="h4">
            {face.subject?.name ?? t("unknown")}
          </Title>
          <Badge color={face.decision === "known" ? "teal" : "orange"}>
            {face.decision === "known" ? t("known") : t("unknown")}
          </Badge>
        </Group>
        <Group>
          {probe && (
            <img src={probe} alt={t("theFace")} width={96} height={96} style={{ objectFit: "cover" }} />
          )}
          {face.candidates[0] && (
            <FacePicture
              collection={collection.name}
              face={face.candidates[0].face_id}
              size={96}
              alt={face.candidates[0].subject.name}
            />
          )}
          <Table w="auto" withRowBorders={false} verticalSpacing={2}>
            <Table.Tbody>
              <Row name={t("similarity")} value={numberOf(face.similarity)} />
              <Row name={t("threshold")} value={numberOf(recognition.threshold)} />
              <Row name={t("margin")} value={numberOf(face.margin)} />
              <Row name={t("strangersAsAlike")} value={rate(face.fmr, face.fmr_is_bound)} />
            </Table.Tbody>
          </Table>
        </Group>
        <Text size="sm">
          {t("quality", { score: decimalOf(score * 100, 0) })}
          {reasons.length > 0 && `: ${reasons.map((one) => reasonIn(t, one)).join(", ")}`}
        </Text>
        <StrangerCurve
          encoder={recognition.encoder}
          threshold={recognition.threshold}
          similarity={face.similarity}
        />
        <Candidates collection={collection.name} candidates={face.candidates} />
        {recognition.only_matches_named && <Text size="sm">{t("onlyMatches")}</Text>}
        {recognition.numbers_withheld_until && <Text size="sm">{t("numbersWithheld")}</Text>}
      </Stack>
    </Card>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <Table.Tr>
      <Table.Td c="dimmed">{name}</Table.Td>
      <Table.Td>{value}</Table.Td>
    </Table.Tr>
  );
}

function Candidates({ collection, candidates }: { collection: string; candidates: Candidate[] }) {
  const t = useTexts();
  if (!candidates.length) return null;
  return (
    <>
      <Title order={3} size="h5">
        {t("candidates")}
      </Title>
      {candidates.map((one) => (
        <Group key={one.subject.id} wrap="nowrap">
          <FacePicture collection={collection} face={one.face_id} size={44} alt="" />
          <Anchor
            truncate
            flex={1}
            renderRoot={(props: object) => (
              <Link to="/people/$subject" params={{ subject: one.subject.id }} {...props} />
            )}
          >
            {one.subject.name}
          </Anchor>
          <Text size="sm">{numberOf(one.similarity)}</Text>
        </Group>
      ))}
    </>
  );
}

/** A similarity, to a thousandth as the server gives it. */
export function numberOf(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : decimalOf(value, 3);
}
