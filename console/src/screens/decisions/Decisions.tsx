/** How a collection decides: rates, its own curve, how well it does, and what callers may ask for. */

import { Tabs, Text } from "@mantine/core";

import { useMay } from "../../api/session";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { Told } from "../../parts/Told";
import { useTab } from "../../parts/useTab";
import { useTexts } from "../../texts/language";
import { Checked } from "../health/Checked";
import { SelfTestFigures } from "../health/SelfTestFigures";
import { Calibration } from "./Calibration";
import { PolicyForm } from "./PolicyForm";
import { Rates } from "./Rates";

export function Decisions() {
  const t = useTexts();
  const may = useMay();
  const admin = may("admin");
  const tab = useTab(admin ? ["rates", "calibration", "test", "policy"] : ["rates", "policy"]);
  return (
    <>
      <Heading title={t("decisions")} />
      <InCollection>
        {(collection) => (
          <Tabs key={collection.id} {...tab} keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="rates">{t("errorRate")}</Tabs.Tab>
              {admin && <Tabs.Tab value="calibration">{t("calibration")}</Tabs.Tab>}
              {admin && <Tabs.Tab value="test">{t("selfTest")}</Tabs.Tab>}
              <Tabs.Tab value="policy">{t("policyTab")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="rates">
              {may("models") ? <Rates collection={collection} /> : <Text><Told text={t("needsModels")} /></Text>}
            </Tabs.Panel>
            <Tabs.Panel value="calibration">
              <Calibration collection={collection} />
            </Tabs.Panel>
            <Tabs.Panel value="test">
              <Checked collection={collection}>{(found) => <SelfTestFigures found={found} />}</Checked>
            </Tabs.Panel>
            <Tabs.Panel value="policy">
              <PolicyForm collection={collection.name} />
            </Tabs.Panel>
          </Tabs>
        )}
      </InCollection>
    </>
  );
}
