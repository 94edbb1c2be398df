/** Choosing an error rate, with what it means for a gallery of this size. */

import { Alert, Button, Card, Group, SimpleGrid, Slider, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Calibration, Collection, ModelCard } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { useRate } from "../../parts/useRate";
import { useTexts } from "../../texts/language";
import { countOf, decimalOf, percentOf } from "../../texts/numbers";
import { useModel } from "../try/StrangerCurve";
import { CurveChart } from "./CurveChart";
import { useCalibrations } from "./calibrating";
import { comparisonRate, missedAt, missedOf, pointsOf, similarityAt, type Points } from "./curve";

const DEFAULT = -2;
const STRICTEST = -5;
const LAXEST = -1;

export function Rates({ collection }: { collection: Collection }) {
  const model = useModel(collection.encoder, true);
  const calibrations = useCalibrations(collection);
  return (
    <Answer query={model}>
      {(card) => <Choice collection={collection} card={card} own={calibrations.data?.in_force} />}
    </Answer>
  );
}

interface ChoiceProps {
  collection: Collection;
  card: ModelCard;
  /** The collection's own curve, where it decides by one. */
  own: Calibration | null | undefined;
}

function Choice({ collection, card, own }: ChoiceProps) {
  const t = useTexts();
  const rate = useRate();
  const kept = collection.policy.max_fpir;
  const [power, setPower] = useState(kept ? Math.log10(kept) : DEFAULT);
  const fpir = 10 ** power;
  const points = own?.points.map((one): Points[number] => [one.similarity, one.fmr]) ?? pointsOf(card.curve);
  const supported = own ? own.supported_fmr : card.supported_fmr;
  const fmr = comparisonRate(fpir, collection.subjects);
  const threshold = similarityAt(points, fmr);
  const missed = missedAt(missedOf(card.metrics), fmr);
  const strangers = fpir * 1000;
  return (
    <Stack>
      <Card withBorder>
        <Text mb="xl">{t("strangersPerThousand")}</Text>
        <Slider
          min={STRICTEST}
          max={LAXEST}
          step={0.1}
          value={power}
          onChange={setPower}
          label={perThousand(strangers)}
          labelAlwaysOn
          thumbLabel={t("strangersPerThousand")}
          mt="md"
          mb="lg"
          marks={[-5, -4, -3, -2, -1].map((value) => ({
            value,
            label: perThousand(10 ** value * 1000),
          }))}
        />
      </Card>
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Meaning
          title={t("strangersNamed", { count: perThousand(strangers) })}
          text={t("strangersNamedHint", { subjects: collection.subjects, rate: rate(fmr) })}
        />
        <Meaning
          title={missed ? t("friendsMissed", { share: percent(missed.share) }) : t("notMeasured")}
          text={
            missed
              ? t("friendsMissedHint", {
                  rate: rate(missed.fmr),
                  low: percent(missed.low),
                  high: percent(missed.high),
                })
              : ""
          }
        />
        <Meaning
          title={`${t("threshold")} ${decimalOf(threshold, 3)}`}
          text={own ? t("thresholdOwn") : t("thresholdHint", { encoder: collection.encoder })}
        />
      </SimpleGrid>
      {missed && missed.fmr > fmr * 1.001 && <Alert color="yellow">{t("stricterThanMeasured")}</Alert>}
      <Card withBorder>
        <Title order={2} size="h4" mb="sm">
          {t("curveOfStrangers")}
        </Title>
        <CurveChart
          title={t("curveOfStrangers")}
          curves={[{ name: t("strangersAsAlike"), points, supported }]}
          marks={[{ x: threshold, label: t("threshold"), color: "orange.6" }]}
        />
      </Card>
      <KeepAsPolicy collection={collection} fpir={fpir} />
    </Stack>
  );
}

function Meaning({ title, text }: { title: string; text: string }) {
  return (
    <Card withBorder>
      <Text fw={600} size="lg">
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </Card>
  );
}

function KeepAsPolicy({ collection, fpir }: { collection: Collection; fpir: number }) {
  const t = useTexts();
  const may = useMay();
  const cache = useQueryClient();
  const keep = useMutation({
    mutationFn: (rate: number | null) =>
      facet.collections.update(collection.name, { policy: { max_fpir: rate } }),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["collections"] }),
  });
  const { max_fpir: kept } = collection.policy;
  return (
    <Card withBorder>
      <Title order={2} size="h4">
        {t("policy")}
      </Title>
      <Text my="xs">
        {kept ? t("policyIs", { count: perThousand(kept * 1000) }) : t("policyNone")}
      </Text>
      {may("admin") && (
        <Group>
          <Button
            loading={keep.isPending}
            onClick={() => {
              keep.mutate(Number(fpir.toPrecision(2)));
            }}
          >
            {t("policySet", { count: perThousand(fpir * 1000) })}
          </Button>
          {kept && (
            <Button
              variant="default"
              onClick={() => {
                keep.mutate(null);
              }}
            >
              {t("policyRemove")}
            </Button>
          )}
        </Group>
      )}
    </Card>
  );
}

function perThousand(count: number): string {
  return countOf(Number(count.toPrecision(2)));
}

function percent(share: number | undefined): string {
  return share === undefined ? "–" : percentOf(share, 1);
}
