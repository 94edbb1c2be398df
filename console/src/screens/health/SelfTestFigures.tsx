/** How well people are found by their own faces, with intervals. */

import { Alert, Box, Card, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import type { HealthHealth, Share } from "facet-client";
import { lazy, Suspense } from "react";

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
  return (
    <Stack>
      <Text>{t("selfTestMeaning", { rate: percent(fpir), threshold: decimalOf(found.threshold, 3) })}</Text>
      {test.strangers_named.low > fpir && <Alert color="orange">{t("moreAlike")}</Alert>}
      <Table.ScrollContainer minWidth={420}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("measured")}</Table.Th>
              <Table.Th>{t("share")}</Table.Th>
              <Table.Th>{t("interval", { confidence })}</Table.Th>
              <Table.Th>{t("countFaces")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Measured name={t("testFound")} share={test.found} />
            <Measured name={t("testWrong")} share={test.wrong} />
            <Measured name={t("testStrangers")} share={test.strangers_named} />
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
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

function Measured({ name, share }: { name: string; share: Share }) {
  const t = useTexts();
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>{percent(share.share)}</Table.Td>
      <Table.Td>{share.trials ? `${percent(share.low)} – ${percent(share.high)}` : "–"}</Table.Td>
      <Table.Td>{t("ofTrials", { hits: share.hits, trials: share.trials })}</Table.Td>
    </Table.Tr>
  );
}

const SHOWN = 20;

function Hardest({ found }: { found: HealthHealth }) {
  const t = useTexts();
  const rate = useRate();
  const { total, listed } = found.self_test.subjects;
  if (!total) return null;
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t("hardest")}
      </Title>
      <Table.ScrollContainer minWidth={520}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("person")}</Table.Th>
              <Table.Th>{t("testFound")}</Table.Th>
              <Table.Th>{t("testWrong")}</Table.Th>
              <Table.Th>{t("weakestFriend")}</Table.Th>
              <Table.Th>{t("bestStranger")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {listed.slice(0, SHOWN).map((one) => (
              <Table.Tr key={one.subject.id}>
                <Table.Td>
                  <PersonLink {...one.subject} />
                </Table.Td>
                <Table.Td>{t("ofTrials", { hits: one.found, trials: one.faces })}</Table.Td>
                <Table.Td>{countOf(one.wrong)}</Table.Td>
                <Table.Td>{rate(one.weakest_friend)}</Table.Td>
                <Table.Td>{rate(one.best_stranger)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {total > SHOWN && <Text size="sm">{t("andMore", { count: total - SHOWN })}</Text>}
    </Card>
  );
}
