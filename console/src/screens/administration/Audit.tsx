/** Who did what: the audit record, newest first. */

import { Button, Code, Group, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditEntry } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Moment } from "../../parts/Moment";
import { useTexts, type Key } from "../../texts/language";

const FIELDS: [keyof Filter, Key][] = [
  ["action", "action"],
  ["outcome", "outcome"],
  ["key", "keyId"],
  ["subject", "person"],
];

interface Filter {
  action: string;
  outcome: string;
  key: string;
  subject: string;
}

const EVERYTHING: Filter = { action: "", outcome: "", key: "", subject: "" };

export function Audit() {
  const t = useTexts();
  const [typed, setTyped] = useState(EVERYTHING);
  const [filter] = useDebouncedValue(typed, 300);
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
  const entries = useInfiniteQuery({
    queryKey: ["audit", given],
    queryFn: ({ pageParam }) => facet.audit.list({ ...given, limit: 100 }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <>
      <Heading title={t("audit")} />
      <Group mb="md" grow preventGrowOverflow={false}>
        {FIELDS.map(([field, text]) => (
          <TextInput
            key={field}
            label={t(text)}
            value={typed[field]}
            onChange={(event) => {
              setTyped({ ...typed, [field]: event.currentTarget.value.trim() });
            }}
          />
        ))}
      </Group>
      <Answer query={entries}>
        {({ pages }) => <Entries entries={pages.flatMap((page) => page.items)} />}
      </Answer>
      {entries.hasNextPage && (
        <Button variant="default" onClick={() => void entries.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

function Entries({ entries }: { entries: AuditEntry[] }) {
  const t = useTexts();
  return (
    <Table.ScrollContainer minWidth={800}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("time")}</Table.Th>
            <Table.Th>{t("action")}</Table.Th>
            <Table.Th>{t("outcome")}</Table.Th>
            <Table.Th>{t("keyId")}</Table.Th>
            <Table.Th>{t("address")}</Table.Th>
            <Table.Th>{t("about")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((one) => (
            <Table.Tr key={one.seq}>
              <Table.Td>
                <Moment at={one.time} />
              </Table.Td>
              <Table.Td>{one.action}</Table.Td>
              <Table.Td>{one.outcome}</Table.Td>
              <Table.Td>{one.key}</Table.Td>
              <Table.Td>{one.address || one.origin}</Table.Td>
              <Table.Td maw={360}>
                <Text size="sm">{[one.collection, one.subject].filter(Boolean).join(" / ")}</Text>
                {one.decision && (
                  <Code style={{ overflowWrap: "anywhere" }}>{JSON.stringify(one.decision)}</Code>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
