/** The server's log of erasures: each receipt with its signature, checked in the browser. */

import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReceiptKey, SignedReceipt } from "facet-client";

import { facet } from "../../api/client";
import { Answer } from "../../parts/Answer";
import { Listing, type Column } from "../../parts/Listing";
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
  const columns: Column<SignedReceipt>[] = [
    { name: t("time"), show: (one) => <Moment at={textIn(one, "at")} /> },
    { name: t("erased"), show: (one) => <Erased signed={one} /> },
    { name: t("reason"), show: (one) => textIn(one, "reason") },
    { name: t("countFaces"), show: (one) => countOf(facesIn(one)) },
    { name: t("signature"), show: (one) => <Signature signed={one} keys={keys} /> },
    { name: t("actions"), unnamed: true, show: (one) => <SaveReceipt signed={one} /> },
  ];
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
      <Listing columns={columns} rows={receipts} keyOf={(one) => textIn(one, "id")} minWidth={820} />
    </>
  );
}

function Erased({ signed }: { signed: SignedReceipt }) {
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {textIn(signed, "erased")}
      <Text span display="block" size="xs" c="dimmed">
        {textIn(signed, "erased_id")}
      </Text>
    </Text>
  );
}

function SaveReceipt({ signed }: { signed: SignedReceipt }) {
  const t = useTexts();
  const id = textIn(signed, "id");
  return (
    <Button
      size="compact-sm"
      variant="light"
      aria-label={t("saveReceipt", { id })}
      onClick={() => {
        saveAs(signed, `receipt-${id}.json`);
      }}
    >
      {t("save")}
    </Button>
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

function facesIn(signed: SignedReceipt): number {
  const removed = signed.receipt["removed"] as Record<string, number> | undefined;
  return removed?.["faces"] ?? 0;
}

function textIn(signed: SignedReceipt, field: string): string {
  const value = signed.receipt[field];
  return typeof value === "string" ? value : "";
}
