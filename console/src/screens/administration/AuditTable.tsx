/** Entries of the audit record, one a row. */

import { Code, Table, Text } from "@mantine/core";
import type { AuditEntry } from "facet-client";

import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
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
              <Table.Td style={{ whiteSpace: "nowrap" }}>
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
