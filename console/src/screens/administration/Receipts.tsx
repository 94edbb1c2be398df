/** Receipts of what was erased from this browser. */

import { Button, Card, SimpleGrid, Text } from "@mantine/core";

import { Heading } from "../../parts/Heading";
import { ReceiptTable } from "../../parts/EraseDialog";
import { saveReceipts, useReceipts } from "../../parts/receipts";
import { useTexts } from "../../texts/language";

export function Receipts() {
  const t = useTexts();
  const receipts = useReceipts();
  return (
    <>
      <Heading title={t("receipts")}>
        {receipts.length > 0 && (
          <Button
            variant="default"
            onClick={() => {
              saveReceipts(receipts, "receipts.json");
            }}
          >
            {t("save")}
          </Button>
        )}
      </Heading>
      <Text mb="md">{receipts.length ? t("receiptsHere") : t("noReceipts")}</Text>
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
