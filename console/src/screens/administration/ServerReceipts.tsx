/** The server's log of erasures: each receipt with its signature, checked in the browser. */

import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReceiptKey, SignedReceipt } from "facet-client";

import { facet } from "../../api/client";
import { Answer } from "../../parts/Answer";
import { Moment } from "../../parts/Moment";
import { saveAs } from "../../parts/receipts";
import { Told } from "../../parts/Told";
import { useTexts, type Key } from "../../texts/language";
import { countOf } from "../../texts/numbers";
import { verdictOn, type Verdict } from "./verifying";

const PAGE = 50;

export function ServerReceipts() {
  const t = useTexts();
  const keys = useQuery({ queryKey: ["receipt-keys"], queryFn: () => facet.receipts.keys() });
  const receipts = useInfiniteQuery({
    queryKey: ["receipts"],
    queryFn: ({ pageParam }) => facet.receipts.list({ limit: PAGE }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <Stack>
      <Text>
        <Told text={t("receiptsServer")} />
      </Text>
      <Answer query={keys}>
        {({ items }) => (
          <Answer query={receipts}>
            {({ pages }) => (
              <ReceiptRows receipts={pages.flatMap((page) => page.items)} keys={items} />
            )}
          </Answer>
        )}
      </Answer>
      {receipts.hasNextPage && (
        <Button w="fit-content" variant="default" onClick={() => void receipts.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </Stack>
  );
}

interface Props {
  receipts: SignedReceipt[];
  keys: ReceiptKey[];
}

function ReceiptRows({ receipts, keys }: Props) {
  const t = useTexts();
  if (!receipts.length) return <Text>{t("noServerReceipts")}</Text>;
  return (
    <>
      <Group>
        <Button
          variant="default"
          onClick={() => {
            saveAs({ receipts, keys }, "receipts-of-the-server.json");
          }}
        >
          {t("save")}
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={820}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("time")}</Table.Th>
              <Table.Th>{t("erased")}</Table.Th>
              <Table.Th>{t("reason")}</Table.Th>
              <Table.Th>{t("countFaces")}</Table.Th>
              <Table.Th>{t("signature")}</Table.Th>
              <Table.Th aria-label={t("actions")} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {receipts.map((one) => (
              <ReceiptRow key={textIn(one, "id")} signed={one} keys={keys} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function ReceiptRow({ signed, keys }: { signed: SignedReceipt; keys: ReceiptKey[] }) {
  const t = useTexts();
  const removed = signed.receipt["removed"] as Record<string, number> | undefined;
  return (
    <Table.Tr>
      <Table.Td>
        <Moment at={textIn(signed, "at")} />
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        {textIn(signed, "erased")}
        <Text size="xs" c="dimmed">
          {textIn(signed, "erased_id")}
        </Text>
      </Table.Td>
      <Table.Td>{textIn(signed, "reason")}</Table.Td>
      <Table.Td>{countOf(removed?.["faces"] ?? 0)}</Table.Td>
      <Table.Td>
        <Signature signed={signed} keys={keys} />
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="light"
          aria-label={t("saveReceipt", { id: textIn(signed, "id") })}
          onClick={() => {
            saveAs(signed, `receipt-${textIn(signed, "id")}.json`);
          }}
        >
          {t("save")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

const SHOWN: Record<Verdict, { text: Key; color: string }> = {
  genuine: { text: "genuine", color: "teal" },
  forged: { text: "forged", color: "red" },
  unchecked: { text: "unchecked", color: "gray" },
};

function Signature({ signed, keys }: { signed: SignedReceipt; keys: ReceiptKey[] }) {
  const t = useTexts();
  const { data = "unchecked" } = useQuery({
    queryKey: ["verdict", signed, keys],
    queryFn: () => verdictOn(signed, keys),
    staleTime: Infinity,
  });
  return (
    <Badge variant="light" color={SHOWN[data].color}>
      {t(SHOWN[data].text)}
    </Badge>
  );
}

function textIn(signed: SignedReceipt, field: string): string {
  const value = signed.receipt[field];
  return typeof value === "string" ? value : "";
}
