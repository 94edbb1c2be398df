/** What is wrong in a collection, and the means to mend it. */

import { Alert, Badge, Button, Tabs, Text } from "@mantine/core";
import { SyncIcon } from "@primer/octicons-react";
import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import type { Collection, HealthHealth } from "facet-client";
import type { ReactNode } from "react";

import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { Moment } from "../../parts/Moment";
import { useTab } from "../../parts/useTab";
import { useTexts } from "../../texts/language";
import { countOf } from "../../texts/numbers";
import { Checked } from "./Checked";
import { Conflicts } from "./Conflicts";
import { Duplicates } from "./Duplicates";
import { Outliers } from "./Outliers";
import { SelfTestFigures } from "./SelfTestFigures";
import { Thin } from "./Thin";

export function Health() {
  return (
    <InCollection>
      {(collection) => <OfCollection key={collection.id} collection={collection} />}
    </InCollection>
  );
}

function OfCollection({ collection }: { collection: Collection }) {
  const t = useTexts();
  const cache = useQueryClient();
  const checking = useIsFetching({ queryKey: ["health", collection.name] }) > 0;
  return (
    <>
      <Heading title={t("health")}>
        <Button
          variant="default"
          leftSection={<SyncIcon size={16} aria-hidden />}
          loading={checking}
          onClick={() => void cache.invalidateQueries({ queryKey: ["health", collection.name] })}
        >
          {t("checkNow")}
        </Button>
      </Heading>
      <Checked collection={collection}>
        {(found) => <Findings collection={collection.name} found={found} />}
      </Checked>
    </>
  );
}

interface Props {
  collection: string;
  found: HealthHealth;
}

function Findings({ collection, found }: Props) {
  const t = useTexts();
  const tab = useTab(["conflicts", "outliers", "duplicates", "thin", "test"]);
  const { could_be_another: conflicts, unlike, near_duplicates: twins } = found;
  const thin = found.few_faces.total + found.poor_faces.total;
  return (
    <>
      <Text mb="md">
        {t("checkedFaces", { compared: found.compared, faces: found.faces })} <Moment at={found.at} />
      </Text>
      {(found.sampled || found.barred > 0 || found.other_encoder > 0) && (
        <Alert mb="md">
          {t("notCompared", { barred: found.barred, other: found.other_encoder })}{" "}
          {found.sampled && t("sampled")}
        </Alert>
      )}
      <Tabs {...tab} keepMounted={false}>
        <Tabs.List mb="md">
          <Kind value="conflicts" count={conflicts.total}>
            {t("conflicts")}
          </Kind>
          <Kind value="outliers" count={unlike.total}>
            {t("outliers")}
          </Kind>
          <Kind value="duplicates" count={twins.total}>
            {t("nearDuplicates")}
          </Kind>
          <Kind value="thin" count={thin}>
            {t("thinSubjects")}
          </Kind>
          <Tabs.Tab value="test">{t("selfTest")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="conflicts">
          <Conflicts collection={collection} found={conflicts} />
        </Tabs.Panel>
        <Tabs.Panel value="outliers">
          <Outliers collection={collection} found={unlike} />
        </Tabs.Panel>
        <Tabs.Panel value="duplicates">
          <Duplicates collection={collection} found={twins} />
        </Tabs.Panel>
        <Tabs.Panel value="thin">
          <Thin collection={collection} few={found.few_faces} poor={found.poor_faces} />
        </Tabs.Panel>
        <Tabs.Panel value="test">
          <SelfTestFigures found={found} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Kind({ value, count, children }: { value: string; count: number; children: ReactNode }) {
  return (
    <Tabs.Tab
      value={value}
      rightSection={
        <Badge size="sm" variant="light" color={count ? "orange" : "teal"}>
          {countOf(count)}
        </Badge>
      }
    >
      {children}
    </Tabs.Tab>
  );
}
