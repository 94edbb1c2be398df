/** The encoder's curve beside the collection's own, which is made of its people. */

import { Alert, Badge, Button, Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import type { Calibration as Made, Collection } from "facet-client";

import { Answer } from "../../parts/Answer";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { countOf, decimalOf } from "../../texts/numbers";
import { JobCard } from "../jobs/Jobs";
import { CurveChart } from "./CurveChart";
import { useCalibrating, useCalibrationJob, useCalibrations } from "./calibrating";

export function Calibration({ collection }: { collection: Collection }) {
  const t = useTexts();
  const calibrations = useCalibrations(collection);
  const { data: job } = useCalibrationJob(collection);
  const { order, accept, drop } = useCalibrating(collection.name);
  return (
    <Stack>
      <Text>{t("calibrationMeaning")}</Text>
      <Answer query={calibrations}>
        {({ in_force: inForce, proposed, stale }) => (
          <>
            {stale && <Alert color="orange">{t("calibrationStale")}</Alert>}
            {!inForce && !proposed && <Text>{t("generalCurve", { encoder: collection.encoder })}</Text>}
            <SimpleGrid cols={{ base: 1, lg: inForce && proposed ? 2 : 1 }}>
              {inForce && (
                <Curves made={inForce} state={t("inForce")}>
                  <Button
                    variant="default"
                    loading={drop.isPending}
                    onClick={() => {
                      drop.mutate();
                    }}
                  >
                    {t("dropCalibration")}
                  </Button>
                </Curves>
              )}
              {proposed && (
                <Curves made={proposed} state={t("proposed")}>
                  <Button
                    loading={accept.isPending}
                    onClick={() => {
                      accept.mutate(proposed.id);
                    }}
                  >
                    {t("acceptCalibration")}
                  </Button>
                  {!inForce && (
                    <Button
                      variant="default"
                      loading={drop.isPending}
                      onClick={() => {
                        drop.mutate();
                      }}
                    >
                      {t("dropProposed")}
                    </Button>
                  )}
                </Curves>
              )}
            </SimpleGrid>
          </>
        )}
      </Answer>
      {job && (job.state !== "succeeded" || order.isPending) && <JobCard job={job} />}
      <Button
        w="fit-content"
        variant="light"
        loading={order.isPending || job?.state === "queued" || job?.state === "running"}
        onClick={() => {
          order.mutate();
        }}
      >
        {t("calibrateNow")}
      </Button>
    </Stack>
  );
}

interface CurvesProps {
  made: Made;
  state: string;
  children: React.ReactNode;
}

function Curves({ made, state, children }: CurvesProps) {
  const t = useTexts();
  const rows: [string, React.ReactNode][] = [
    [t("madeAt"), <Moment key="at" at={made.made_at} />],
    [t("people"), t("ofTrials", { hits: made.compared_subjects, trials: made.subjects })],
    [t("comparisons"), countOf(made.comparisons)],
    [t("dependence"), decimalOf(made.dependence, 1)],
    [t("thresholdAt", { rate: `${countOf(made.fpir * 100)} %` }), decimalOf(made.threshold, 3)],
    [t("thresholdGeneral"), decimalOf(made.general_threshold, 3)],
  ];
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t("twoCurves")}
        </Title>
        <Badge>{state}</Badge>
      </Group>
      <CurveChart
        title={t("twoCurves")}
        curves={[
          {
            name: t("curveGeneral"),
            points: made.points.map((one) => [one.similarity, one.general]),
            supported: made.general_supported_fmr,
          },
          {
            name: t("curveOwn"),
            points: made.points.map((one) => [one.similarity, one.fmr]),
            supported: made.supported_fmr,
          },
        ]}
        marks={[{ x: made.threshold, label: t("threshold"), color: "orange.6" }]}
      />
      <Table my="sm">
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="right">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group>{children}</Group>
    </Card>
  );
}
