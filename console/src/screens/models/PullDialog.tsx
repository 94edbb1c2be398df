/** Getting a model's weights: its terms, their acceptance, the progress, and how it ended. */

import { Alert, Button, Checkbox, Code, Group, Modal, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Job, ModelProblem, ModelTerms } from "facet-client";
import { useEffect, useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { Answer } from "../../parts/Answer";
import { Told } from "../../parts/Told";
import { useTexts } from "../../texts/language";
import { CancelJob } from "../jobs/CancelJob";
import { isSettled, useFollowed } from "../jobs/following";
import { bytesOf } from "./bytes";
import { LicenceLink } from "./ModelDrawer";

interface Props {
  model: string;
  onClose: () => void;
}

export function PullDialog({ model, onClose }: Props) {
  const t = useTexts();
  const [accepted, setAccepted] = useState(false);
  const card = useQuery({
    queryKey: ["model-terms", model],
    queryFn: () => facet.models.get(model),
    gcTime: 0,
  });
  const order = useMutation({
    mutationFn: () => facet.models.pull(model, { accept_licence: accepted }),
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={t("getModelNamed", { name: model })}>
      <Answer query={card}>
        {(found) => (
          <Stack>
            <Text size="sm">{found.description}</Text>
            {found.terms.map((one) => (
              <TermsOf key={one.model} terms={one} />
            ))}
            {order.data ? (
              <Fetching key={order.data.id} job={order.data} model={model} onAgain={order.reset} />
            ) : (
              <>
                <Checkbox
                  label={t("acceptLicence")}
                  checked={accepted}
                  onChange={(event) => {
                    setAccepted(event.currentTarget.checked);
                  }}
                />
                {order.error && (
                  <Alert color="red" role="alert" title={toldOf(order.error).title}>
                    <Told text={toldOf(order.error).message} />
                  </Alert>
                )}
                <Group justify="flex-end">
                  <Button variant="default" onClick={onClose}>
                    {t("cancel")}
                  </Button>
                  <Button
                    disabled={!accepted}
                    loading={order.isPending}
                    onClick={() => {
                      order.mutate();
                    }}
                  >
                    {t("getWeights")}
                  </Button>
                </Group>
              </>
            )}
          </Stack>
        )}
      </Answer>
    </Modal>
  );
}

function TermsOf({ terms }: { terms: ModelTerms }) {
  const t = useTexts();
  return (
    <Stack gap="xs">
      <div>
        <Text fw={600}>{t("terms", { name: terms.model })}</Text>
        <Text size="sm">{terms.licence}</Text>
        <LicenceLink address={terms.licence_url} />
      </div>
      {terms.commercial_use ? (
        <Text size="sm">{t("commercialUse")}</Text>
      ) : (
        <Alert color="orange" title={t("notCommercial")} />
      )}
      {terms.provenance_doubt && (
        <Alert color="orange" title={t("doubtOfData")}>
          {terms.provenance_doubt}
        </Alert>
      )}
      <div>
        <Text fw={600}>{t("fetchedFrom")}</Text>
        {terms.addresses.map((one) => (
          <Text key={one} size="sm" style={{ overflowWrap: "anywhere" }}>
            {one}
          </Text>
        ))}
        <Text size="sm" c="dimmed">
          {t("size")}: {bytesOf(terms.bytes) ?? t("sizeUnknown")}
        </Text>
      </div>
    </Stack>
  );
}

interface FetchingProps {
  job: Job;
  model: string;
  onAgain: () => void;
}

function Fetching({ job: given, model, onAgain }: FetchingProps) {
  const t = useTexts();
  const { job } = useFollowed(given);
  const cache = useQueryClient();
  const done = job.state === "succeeded";
  useEffect(() => {
    if (!done) return;
    void cache.invalidateQueries({ queryKey: ["models"] });
    void cache.invalidateQueries({ queryKey: ["model", model] });
  }, [done, cache, model]);
  if (done) return <Fetched job={job.id} />;
  if (isSettled(job)) {
    return (
      <Alert color="red" role="alert" title={job.failure?.detail ?? t(job.state)}>
        <Told text={job.failure?.hint ?? ""} />
        <Button mt="sm" variant="light" display="block" onClick={onAgain}>
          {t("again")}
        </Button>
      </Alert>
    );
  }
  const { done: here, total } = job.progress.data as { done?: number; total?: number | null };
  return (
    <Stack gap="xs">
      <Progress value={job.progress.fraction * 100} animated aria-label={t("progress")} />
      <Group justify="space-between">
        <Text size="sm" role="status">
          {here === undefined
            ? t(job.state)
            : t("bytesOf", { done: bytesOf(here) ?? "", total: bytesOf(total) ?? "?" })}
        </Text>
        <CancelJob id={job.id} />
      </Group>
    </Stack>
  );
}

interface Pulled {
  ready: boolean;
  problem: ModelProblem | null;
  pinned_sha256: string | null;
}

function Fetched({ job }: { job: string }) {
  const t = useTexts();
  const result = useQuery({
    queryKey: ["pulled", job],
    queryFn: async () => JSON.parse(await (await facet.jobs.result(job)).text()) as Pulled,
  });
  return (
    <Answer query={result}>
      {({ ready, problem, pinned_sha256: pinned }) => (
        <Alert
          color={ready ? "teal" : "orange"}
          role="status"
          title={ready ? t("gotModel") : t("gotModelNotReady")}
        >
          {problem && <Told text={`${problem.detail} ${problem.hint}`} />}
          {pinned && (
            <Text size="sm">
              {t("pinnedMeans")} <Code>{pinned}</Code>
            </Text>
          )}
        </Alert>
      )}
    </Answer>
  );
}
