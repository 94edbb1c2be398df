/** How a backup is made and restored: by commands on the server's machine. */

import { Alert, Button, Card, Code, CopyButton, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ServerSettings } from "facet-client";

import { facet } from "../../api/client";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { useTexts, type Key } from "../../texts/language";

const STEPS: [Key, string][] = [
  ["backupPlain", "facet backup backups/monday"],
  ["backupEncrypted", "facet backup backups/monday.age --recipient age1…"],
  ["backupTry", "FACET_DATA_DIR=/new facet restore backups/monday --dry-run"],
  ["backupRestore", "FACET_DATA_DIR=/new facet restore backups/monday"],
];
/** Settings that say where things are of which copies are kept. */
const PLACES = [
  "FACET_DATA_DIR",
  "FACET_DATABASE_URL",
  "FACET_IMAGES_URL",
  "FACET_MASTER_KEY_FILE",
  "FACET_MASTER_KEY_COMMAND",
  "FACET_ERASURE_LEDGERS",
];

export function Backup() {
  const t = useTexts();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => facet.settings.list() });
  return (
    <>
      <Heading title={t("backup")} />
      <Stack>
        <Text>{t("backupMeaning")}</Text>
        {STEPS.map(([text, command]) => (
          <Card key={text} withBorder>
            <Text mb="xs">{t(text)}</Text>
            <Group justify="space-between" wrap="nowrap">
              <Code block style={{ flex: 1, whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                {command}
              </Code>
              <CopyButton value={command}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy} aria-label={t("copyCommand", { command })}>
                    {copied ? t("copied") : t("copy")}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Card>
        ))}
        <Alert color="yellow">{t("backupMasterKey")}</Alert>
        <Answer query={settings}>{(found) => <Places {...found} />}</Answer>
      </Stack>
    </>
  );
}

function Places({ settings }: ServerSettings) {
  const t = useTexts();
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        {t("backupPlaces")}
      </Title>
      <Table layout="fixed">
        <Table.Tbody>
          {settings
            .filter((one) => PLACES.includes(one.name))
            .map((one) => (
              <Table.Tr key={one.name}>
                <Table.Td style={{ overflowWrap: "anywhere" }}>
                  <Code>{one.name}</Code>
                </Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{one.value || t("default")}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
