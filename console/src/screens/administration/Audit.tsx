/** Who did what: the audit record, newest first. */

import { Button, Group, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { useTexts, type Key } from "../../texts/language";
import { AuditTable } from "./AuditTable";
import { useAudit } from "./audited";

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
  const entries = useAudit(["audit", given], given, 100);
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
        {({ pages }) => <AuditTable entries={pages.flatMap((page) => page.items)} />}
      </Answer>
      {entries.hasNextPage && (
        <Button variant="default" onClick={() => void entries.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </>
  );
}
