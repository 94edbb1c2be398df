/** Erasing: first what it would remove, then the receipt of what it has removed. */

import { Alert, Button, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Receipt } from "facet-client";

import { showFailure } from "../api/failures";
import { useTexts, type Key } from "../texts/language";
import { countOf } from "../texts/numbers";
import { Answer } from "./Answer";
import { Moment } from "./Moment";
import { keepReceipt, saveAs } from "./receipts";

interface Props {
  /** Who or what, as people call it. */
  name: string;
  erase: (options: { dry_run: boolean }) => Promise<Receipt>;
  onErased: () => Promise<void>;
  onClose: (erased: boolean) => void;
}

export function EraseDialog({ name, erase, onErased, onClose }: Props) {
  const t = useTexts();
  const plan = useQuery({
    queryKey: ["dry-run", name],
    queryFn: () => erase({ dry_run: true }),
    gcTime: 0,
  });
  const doIt = useMutation({
    mutationFn: () => erase({ dry_run: false }),
    onError: showFailure,
    onSuccess: async (receipt) => {
      keepReceipt(receipt);
      await onErased();
    },
  });
  const close = () => {
    onClose(doIt.isSuccess);
  };
  const receipt = doIt.data;
  if (receipt) {
    return (
      <Modal opened onClose={close} title={t("receipt")}>
        <Stack>
          <ReceiptTable receipt={receipt} />
          <Group justify="flex-end">
            <Button
              variant="light"
              onClick={() => {
                saveAs([receipt], `receipt-${receipt.id}.json`);
              }}
            >
              {t("save")}
            </Button>
            <Button onClick={close}>{t("close")}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={close} title={t("eraseWhom", { name })}>
      <Answer query={plan}>
        {(planned) => (
          <Stack>
            <Text>{t("wouldErase")}</Text>
            <ReceiptTable receipt={planned} />
            <Alert color="red">{t("erasedForGood")}</Alert>
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t("cancel")}
              </Button>
              <Button
                color="red"
                loading={doIt.isPending}
                onClick={() => {
                  doIt.mutate();
                }}
              >
                {t("erase")}
              </Button>
            </Group>
          </Stack>
        )}
      </Answer>
    </Modal>
  );
}

const COUNTS: [keyof Receipt, Key][] = [
  ["subjects", "countSubjects"],
  ["faces", "countFaces"],
  ["templates", "countTemplates"],
  ["images", "countImages"],
  ["index_entries", "countIndex"],
  ["idempotency_records", "countAnswers"],
  ["operations", "countOperations"],
  ["sightings", "countSightings"],
];

function shown(value: Receipt[keyof Receipt]): string | undefined {
  return typeof value === "number" ? countOf(value) : value?.toString();
}

export function ReceiptTable({ receipt }: { receipt: Receipt }) {
  const t = useTexts();
  return (
    <Table>
      <Table.Tbody>
        {COUNTS.map(([field, text]) => (
          <Table.Tr key={field}>
            <Table.Td>{t(text)}</Table.Td>
            <Table.Td ta="right">{shown(receipt[field]) ?? t("notKnown")}</Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Td>{t("time")}</Table.Td>
          <Table.Td ta="right">
            <Moment at={receipt.at} />
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}
