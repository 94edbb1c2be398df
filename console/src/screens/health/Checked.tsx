/** The findings of a check: made at once, or of a large collection by a job. */

import { Alert, Button, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Collection, HealthHealth } from "facet-client";
import type { ReactNode } from "react";

import { showFailure } from "../../api/failures";
import { Answer } from "../../parts/Answer";
import { useTexts } from "../../texts/language";
import { JobCard } from "../jobs/Jobs";
import { useOrdered } from "../jobs/ordered";
import { HEALTH_CHECK, needsJob, orderCheck, useHealth, useResult } from "./checking";

interface Props {
  collection: Collection;
  children: (found: HealthHealth) => ReactNode;
}

export function Checked({ collection, children }: Props) {
  const health = useHealth(collection.name);
  if (health.data === undefined && needsJob(health.error)) {
    return <ByJob collection={collection}>{children}</ByJob>;
  }
  return <Answer query={health}>{children}</Answer>;
}

function ByJob({ collection, children }: Props) {
  const t = useTexts();
  const cache = useQueryClient();
  const ordered = useOrdered(HEALTH_CHECK, collection.id);
  const result = useResult(ordered.data);
  const order = useMutation({
    mutationFn: () => orderCheck(collection.name),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["jobs"] }),
  });
  return (
    <Answer query={ordered}>
      {(job) => (
        <Stack>
          {job && !result.data && <JobCard job={job} />}
          {(job === null || job.state !== "running") && (
            <Alert>
              {t("largeCollection")}
              <Button
                display="block"
                mt="sm"
                loading={order.isPending}
                onClick={() => {
                  order.mutate();
                }}
              >
                {t("checkNow")}
              </Button>
            </Alert>
          )}
          {result.data && children(result.data)}
        </Stack>
      )}
    </Answer>
  );
}
