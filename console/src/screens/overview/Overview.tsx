/** The state of the server, and on an empty one what to do next. */

import { Alert, Badge, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FacetError, type Collection, type Ready } from "facet-client";

import { send, SERVER } from "../../api/client";
import { useCollections } from "../../api/collections";
import { toldOf } from "../../api/failures";
import { useCaller, useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Told } from "../../parts/Told";
import { useTexts } from "../../texts/language";
import { countOf, decimalOf } from "../../texts/numbers";
import { isDemo, PORTRAITS } from "./demo";
import { LoadDemo, RemoveDemo } from "./DemoPortraits";
import { NewCollection } from "./NewCollection";
import { useFigures } from "./figures";

export function Overview() {
  const t = useTexts();
  const may = useMay();
  const { data: caller } = useCaller();
  const collections = useCollections();
  return (
    <>
      <Heading title={t("overview")}>
        <Badge variant="default">{t("version", { version: caller?.version ?? "" })}</Badge>
        {may("admin") && caller?.collection_id === null && <NewCollection />}
      </Heading>
      <Stack>
        <Readiness />
        <Figures />
        {may("browse") && (
          <Answer query={collections}>{(found) => <Collections found={found} />}</Answer>
        )}
      </Stack>
    </>
  );
}

function Readiness() {
  const t = useTexts();
  const { data, error } = useQuery({
    queryKey: ["ready"],
    queryFn: readiness,
    refetchInterval: 15_000,
  });
  if (error) {
    const { title, message } = toldOf(error);
    return (
      <Alert color="red" title={t("notReady")} role="alert">
        {title} {message}
      </Alert>
    );
  }
  if (!data) return null;
  const wrong = Object.entries(data.checks).filter(([, state]) => state !== "ok");
  if (!wrong.length) {
    return (
      <Group gap="xs">
        {Object.keys(data.checks).map((part) => (
          <Badge key={part} color="teal" variant="light">
            {part}
          </Badge>
        ))}
      </Group>
    );
  }
  return (
    <Alert color="red" title={t("notReady")} role="alert">
      {wrong.map(([part, state]) => (
        <Text key={part}>
          {part}: {state}
        </Text>
      ))}
    </Alert>
  );
}

async function readiness(): Promise<Ready> {
  // What is missing comes with a status of 503, and is told all the same.
  const response = await send(new URL("readyz", SERVER));
  const answer = (await response.json()) as Ready | Record<string, unknown>;
  if (!isReady(answer)) throw new FacetError(response.status, answer);
  return answer;
}

function isReady(answer: Ready | Record<string, unknown>): answer is Ready {
  return "checks" in answer;
}

function Figures() {
  const t = useTexts();
  const { data } = useFigures();
  if (!data) return null;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      <Figure name={t("requests")} value={countOf(data.requests)} />
      <Figure name={t("failedRequests")} value={countOf(data.failures)} />
      <Figure name={t("timeOfRecognition")} value={milliseconds(data.recognitionSeconds)} />
      <Figure name={t("jobsUnderWay")} value={countOf(data.jobs)} />
    </SimpleGrid>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Card withBorder>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text size="xl" fw={600}>
        {value}
      </Text>
    </Card>
  );
}

function milliseconds(seconds: number | undefined): string {
  return seconds === undefined ? "–" : `${decimalOf(seconds * 1000, 0)} ms`;
}

function Collections({ found }: { found: Collection[] }) {
  const t = useTexts();
  const may = useMay();
  if (!found.length) {
    return (
      <Card withBorder>
        <Title order={2} size="h4">
          {t("emptyServer")}
        </Title>
        <Text mt="xs">
          <Told text={t(may("admin") ? "emptyServerNext" : "emptyServerAsk")} />
        </Text>
        {may("admin") && may("enroll") && (
          <>
            <Text mt="xs">{t("demoMeans")}</Text>
            <Group mt="sm">
              <LoadDemo />
            </Group>
          </>
        )}
      </Card>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
      {found.map((one) => (
        <Stack key={one.id} gap="xs">
          <Card
            withBorder
            renderRoot={(props: object) => (
              <Link to="/people" search={{ c: one.name }} {...props} />
            )}
          >
            <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
              {one.name}
            </Title>
            <Text>{t("sizes", { subjects: one.subjects, faces: one.faces })}</Text>
            <Text size="sm" c="dimmed">
              {one.encoder}
            </Text>
            {one.subjects === 0 && (
              <Text mt="xs">{t(may("enroll") ? "emptyCollectionNext" : "nobodyYet")}</Text>
            )}
          </Card>
          {isDemo(one) && (
            <Group>
              {one.faces < PORTRAITS && may("admin") && may("enroll") && <LoadDemo />}
              {may("admin") && may("erase") && <RemoveDemo collection={one} />}
            </Group>
          )}
        </Stack>
      ))}
    </SimpleGrid>
  );
}
