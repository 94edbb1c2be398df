/** Erasures: what the server has signed, what this browser keeps, and who goes next. */

import { Button, Card, SimpleGrid, Tabs, Text } from "@mantine/core";

import { useMay } from "../../api/session";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { ReceiptTable } from "../../parts/EraseDialog";
import { saveAs, useReceipts } from "../../parts/receipts";
import { useTab } from "../../parts/useTab";
import { useTexts } from "../../texts/language";
import { Retention } from "../rights/Retention";
import { ServerReceipts } from "./ServerReceipts";

export function Receipts() {
  const t = useTexts();
  const may = useMay();
  const tab = useTab([
    ...(may("audit") ? ["server"] : []),
    "browser",
    ...(may("admin") ? ["retention"] : []),
  ]);
  return (
    <>
      <Heading title={t("receipts")} />
      <Tabs {...tab} keepMounted={false}>
        <Tabs.List mb="md">
          {may("audit") && <Tabs.Tab value="server">{t("ofServer")}</Tabs.Tab>}
          <Tabs.Tab value="browser">{t("ofBrowser")}</Tabs.Tab>
          {may("admin") && <Tabs.Tab value="retention">{t("retention")}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="server">
          <ServerReceipts />
        </Tabs.Panel>
        <Tabs.Panel value="browser">
          <OfBrowser />
        </Tabs.Panel>
        <Tabs.Panel value="retention">
          <InCollection>{(collection) => <Retention collection={collection} />}</InCollection>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function OfBrowser() {
  const t = useTexts();
  const receipts = useReceipts();
  return (
    <>
      <Text mb="md">{receipts.length ? t("receiptsHere") : t("noReceipts")}</Text>
      {receipts.length > 0 && (
        <Button
          mb="md"
          variant="default"
          onClick={() => {
            saveAs(receipts, "receipts.json");
          }}
        >
          {t("save")}
        </Button>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {receipts.map((one) => (
          <Card key={`${one.id} ${one.at}`} withBorder>
            <Text fw={600}>{one.erased}</Text>
            <Text size="xs" c="dimmed">
              {one.id}
            </Text>
            <ReceiptTable receipt={one} />
          </Card>
        ))}
      </SimpleGrid>
    </>
  );
}
