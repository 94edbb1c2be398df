/** Entries of the audit record, one a row. */

import { Code, Text } from "@mantine/core";
import type { AuditEntry } from "facet-client";

import { Listing, type Column } from "../../parts/Listing";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const t = useTexts();
  const columns: Column<AuditEntry>[] = [
    { name: t("time"), show: (one) => <Moment at={one.time} /> },
    { name: t("action"), show: (one) => one.action },
    { name: t("outcome"), show: (one) => one.outcome },
    { name: t("keyId"), show: (one) => one.key },
    { name: t("address"), show: (one) => one.address || one.origin },
    { name: t("about"), show: (one) => <About entry={one} />, width: 360 },
  ];
  return <Listing columns={columns} rows={entries} keyOf={(one) => one.seq} minWidth={800} />;
}

function About({ entry }: { entry: AuditEntry }) {
  const about = [entry.collection, entry.subject].filter(Boolean).join(" / ");
  return (
    <>
      {about && <Text size="sm">{about}</Text>}
      {entry.decision && (
        <Code style={{ overflowWrap: "anywhere" }}>{JSON.stringify(entry.decision)}</Code>
      )}
    </>
  );
}
