/** How well people are found by their own faces, with intervals. */

import { Alert, Box, Card, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { HealthHealth, Share, SubjectTest } from "facet-client";
import { lazy, Suspense } from "react";

import { Listing, type Column } from "../../parts/Listing";
import { useRate } from "../../parts/useRate";
import { useTexts } from "../../texts/language";
import { countOf, decimalOf } from "../../texts/numbers";
import { PersonLink } from "../people/PersonLink";
import { byDecade, percent } from "./shares";

const Bars = lazy(() => import("../../parts/Bars"));

export function SelfTestFigures({ found }: { found: HealthHealth }) {
  const t = useTexts();
  const rate = useRate();
  const { self_test: test, fpir } = found;
  const rows = byDecade(test.friends, test.strangers, rate);
  const spoken = rows.map((one) => `${one.label}: ${percent(one.first)}, ${percent(one.second)}`);
  const confidence = percent(test.confidence ?? 0.95);
  const measured: [string, Share][] = [
    [t("testFound"), test.found],
    [t("testWrong"), test.wrong],
    [t("testStrangers"), test.strangers_named],
  ];
  const columns: Column<[string, Share]>[] = [
    { name: t("measured"), show: ([name]) => name },
    { name: t("share"), show: ([, one]) => percent(one.share) },
    {
      name: t("interval", { confidence }),
      show: ([, one]) => (one.trials ? `${percent(one.low)} – ${percent(one.high)}` : "–"),
    },
    {
      name: t("countFaces"),
      show: ([, one]) => t("ofTrials", { hits: one.hits, trials: one.trials }),
    },
  ];
  return (
    <Stack>
      <Text>{t("selfTestMeaning", { rate: percent(fpir), threshold: decimalOf(found.threshold, 3) })}</Text>
      {test.strangers_named.low > fpir && <Alert color="orange">{t("moreAlike")}</Alert>}
      <Listing columns={columns} rows={measured} keyOf={([name]) => name} minWidth={420} />
      <Card withBorder>
        <Title order={2} size="h4" mb="sm">
          {t("friendsAndStrangers")}
        </Title>
        <Suspense fallback={<Skeleton h={220} />}>
          <Box role="img" aria-label={[t("friendsAndStrangers"), ...spoken].join(". ")}>
            <Bars
              rows={rows}
              first={t("friends")}
              second={t("strangers")}
              xName={t("strangersAsAlike")}
            />
          </Box>
        </Suspense>
      </Card>
      <Hardest found={found} />
    </Stack>
  );
}

const SHOWN = 20;

function Hardest({ found }: { found: HealthHealth }) {
  const t = useTexts();
  const rate = useRate();
  const { total, listed } = found.self_test.subjects;
  if (!total) return null;
  const columns: Column<SubjectTest>[] = [
    { name: t("person"), show: (one) => <PersonLink {...one.subject} /> },
    { name: t("testFound"), show: (one) => t("ofTrials", { hits: one.found, trials: one.faces }) },
    { name: t("testWrong"), show: (one) => countOf(one.wrong) },
    { name: t("weakestFriend"), show: (one) => rate(one.weakest_friend) },
    { name: t("bestStranger"), show: (one) => rate(one.best_stranger) },
  ];
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t("hardest")}
      </Title>
      <Listing
        columns={columns}
        rows={listed.slice(0, SHOWN)}
        keyOf={(one) => one.subject.id}
        minWidth={520}
      />
      {total > SHOWN && <Text size="sm">{t("andMore", { count: total - SHOWN })}</Text>}
    </Card>
  );
}
