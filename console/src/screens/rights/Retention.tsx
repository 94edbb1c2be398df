/** Whose time is over, and their erasure before servers do it by themselves. */

import { Alert, Button, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Collection, Expired } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { peopleChanged } from "../../api/people";
import { Answer } from "../../parts/Answer";
import { Listing, type Column } from "../../parts/Listing";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { JobCard } from "../jobs/Jobs";
import { useOrdered } from "../jobs/ordered";
import { PersonLink } from "../people/PersonLink";

const RETENTION = "run-retention";

export function Retention({ collection }: { collection: Collection }) {
  const t = useTexts();
  const job = useOrdered(RETENTION, collection.id).data;
  const expired = useQuery({
    queryKey: ["retention", collection.name, job?.state],
    queryFn: () => facet.rights.list(collection.name),
  });
  return (
    <Stack>
      <Text>{t("retentionMeaning")}</Text>
      {job && job.state !== "succeeded" && <JobCard job={job} />}
      <Answer query={expired}>
        {({ subjects }) => <ExpiredPeople collection={collection.name} subjects={subjects} />}
      </Answer>
    </Stack>
  );
}

function ExpiredPeople({ collection, subjects }: { collection: string; subjects: Expired[] }) {
  const t = useTexts();
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const order = useMutation({
    mutationFn: () => facet.rights.orderRetention(collection),
    onError: showFailure,
    onSuccess: async () => {
      setAsking(false);
      await cache.invalidateQueries({ queryKey: ["jobs"] });
      await peopleChanged(cache);
    },
  });
  if (!subjects.length) return <Text>{t("nobodysTime")}</Text>;
  const columns: Column<Expired>[] = [
    { name: t("person"), show: (one) => <PersonLink id={one.subject_id} name={one.subject_id} /> },
    { name: t("reason"), show: (one) => one.reason },
    { name: t("since"), show: (one) => <Moment at={one.since} /> },
  ];
  return (
    <>
      <Listing columns={columns} rows={subjects} keyOf={(one) => one.subject_id} minWidth={520} />
      <Button
        w="fit-content"
        color="red"
        onClick={() => {
          setAsking(true);
        }}
      >
        {t("eraseNow")}
      </Button>
      {asking && (
        <Modal
          opened
          title={t("eraseNow")}
          onClose={() => {
            setAsking(false);
          }}
        >
          <Stack>
            <Alert color="red">{t("erasedForGood")}</Alert>
            <Button
              color="red"
              loading={order.isPending}
              onClick={() => {
                order.mutate();
              }}
            >
              {t("erase")}
            </Button>
          </Stack>
        </Modal>
      )}
    </>
  );
}
