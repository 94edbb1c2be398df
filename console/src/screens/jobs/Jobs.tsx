/** Work that takes longer than a request, and pictures in the manner of others. */

import { Alert, Badge, Button, Card, Group, Image, Progress, Stack, Tabs, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Job } from "facet-client";

import { facet } from "../../api/client";
import { resultAddress } from "../../api/pictures";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Moment } from "../../parts/Moment";
import { Told } from "../../parts/Told";
import { useTab } from "../../parts/useTab";
import { useTexts } from "../../texts/language";
import { CancelJob } from "./CancelJob";
import { isSettled, useFollowed } from "./following";
import { KINDS, progressIn, type Kind } from "./words";
import { StyleTransfer } from "./StyleTransfer";

export function Jobs() {
  const t = useTexts();
  const tab = useTab(["jobs", "style"]);
  return (
    <>
      <Heading title={t("jobs")} />
      <Tabs {...tab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="jobs">{t("queue")}</Tabs.Tab>
          <Tabs.Tab value="style">{t("styleTransfer")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="jobs">
          <JobList />
        </Tabs.Panel>
        <Tabs.Panel value="style">
          <StyleTransfer />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function JobList() {
  const t = useTexts();
  const jobs = useInfiniteQuery({
    queryKey: ["jobs"],
    queryFn: ({ pageParam }) => facet.jobs.list({ limit: 20 }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: 10_000,
  });
  return (
    <Answer query={jobs}>
      {({ pages }) => (
        <Stack>
          {pages.flatMap((page) => page.items.map((one) => <JobCard key={one.id} job={one} />))}
          {pages[0]?.items.length === 0 && <Text>{t("noJobs")}</Text>}
          {jobs.hasNextPage && (
            <Button variant="default" onClick={() => void jobs.fetchNextPage()}>
              {t("more")}
            </Button>
          )}
        </Stack>
      )}
    </Answer>
  );
}

const COLORS: Record<Job["state"], string> = {
  queued: "gray",
  running: "blue",
  succeeded: "teal",
  failed: "red",
  cancelled: "gray",
};

export function JobCard({ job: given }: { job: Job }) {
  const t = useTexts();
  const { job, preview } = useFollowed(given);
  const progress = progressIn(t, job);
  const picture = job.result?.media_type.startsWith("image/") ? resultAddress(job.id) : preview;
  return (
    <Card withBorder>
      <Group justify="space-between">
        <Group>
          <Badge color={COLORS[job.state]}>{t(job.state)}</Badge>
          <Text fw={500}>{job.kind in KINDS ? t(KINDS[job.kind as Kind]) : job.kind}</Text>
          <Text size="sm" c="dimmed">
            <Moment at={job.created_at} />
          </Text>
        </Group>
        {!isSettled(job) && <CancelJob id={job.id} />}
      </Group>
      {!isSettled(job) && (
        <Progress
          value={job.progress.fraction * 100}
          mt="sm"
          aria-label={t("progress")}
          animated={job.state === "running"}
        />
      )}
      {progress && <Text size="sm">{progress}</Text>}
      {job.failure && (
        <Alert color="red" mt="sm" title={job.failure.detail}>
          <Told text={job.failure.hint ?? ""} />
        </Alert>
      )}
      {picture && <Image src={picture} alt={t("result")} mah={360} w="auto" fit="contain" mt="sm" />}
    </Card>
  );
}
