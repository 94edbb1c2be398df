/** Consent, restriction, and how long somebody is kept. */

import { Alert, Badge, Button, Card, Group, Stack, Switch, Table, Text, TextInput, Title } from "@mantine/core";
import { DownloadIcon } from "@primer/octicons-react";
import type { Rights } from "facet-client";
import { useState } from "react";

import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { RecordConsent, WithdrawConsent } from "./ConsentDialogs";
import { beginningOf, exportAddress, useChangeRights, useRights } from "./rights";

interface Props {
  collection: string;
  subject: string;
}

export function RightsCard({ collection, subject }: Props) {
  const t = useTexts();
  const may = useMay();
  const rights = useRights(collection, subject);
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t("rights")}
        </Title>
        {may("browse") && may("audit") && (
          <Button
            component="a"
            href={exportAddress(collection, subject)}
            download="subject.zip"
            size="compact-sm"
            variant="light"
            leftSection={<DownloadIcon size={16} aria-hidden />}
          >
            {t("exportPerson")}
          </Button>
        )}
      </Group>
      <Answer query={rights}>
        {(found) => <Found collection={collection} subject={subject} rights={found} />}
      </Answer>
    </Card>
  );
}

function Found({ collection, subject, rights }: Props & { rights: Rights }) {
  const t = useTexts();
  const may = useMay();
  const change = useChangeRights(collection, subject);
  const [dialog, setDialog] = useState<"record" | "withdraw">();
  const mayChange = may("enroll") && may("browse");
  const { consent } = rights;
  const close = () => {
    setDialog(undefined);
  };
  return (
    <Stack gap="sm">
      {rights.restricted && (
        <Alert color="orange">
          {t("restrictedSince")} <Moment at={rights.restricted_at} />
        </Alert>
      )}
      {mayChange && (
        <Switch
          label={t("restrict")}
          // What is on its way is shown as if it had arrived.
          checked={(change.isPending ? change.variables.restricted : undefined) ?? rights.restricted}
          onChange={(event) => {
            change.mutate({ restricted: event.currentTarget.checked });
          }}
        />
      )}
      <ConsentTable rights={rights} />
      {mayChange && (
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              setDialog("record");
            }}
          >
            {t("recordConsent")}
          </Button>
          {consent && !consent.withdrawn_at && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              onClick={() => {
                setDialog("withdraw");
              }}
            >
              {t("withdrawConsent")}
            </Button>
          )}
        </Group>
      )}
      {mayChange && (
        <KeptUntil
          key={rights.keep_until}
          rights={rights}
          pending={change.isPending}
          onChange={(keep_until) => {
            change.mutate({ keep_until });
          }}
        />
      )}
      {dialog === "record" && <RecordConsent collection={collection} subject={subject} onClose={close} />}
      {dialog === "withdraw" && (
        <WithdrawConsent collection={collection} subject={subject} onClose={close} />
      )}
    </Stack>
  );
}

function ConsentTable({ rights }: { rights: Rights }) {
  const t = useTexts();
  const { consent } = rights;
  return (
    <Table layout="fixed">
      <Table.Tbody>
        <Table.Tr>
          <Table.Td c="dimmed">{t("keptUntil")}</Table.Td>
          <Table.Td>
            <Moment at={rights.keep_until} />
          </Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Td c="dimmed">{t("basis")}</Table.Td>
          <Table.Td>
            {consent ? t(`basis-${consent.basis}`) : t("noConsent")}{" "}
            {consent?.withdrawn_at && <Badge color="red">{t("withdrawn")}</Badge>}
          </Table.Td>
        </Table.Tr>
        {consent && (
          <>
            <Table.Tr>
              <Table.Td c="dimmed">{t("reference")}</Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{consent.reference}</Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Td c="dimmed">{t("given")}</Table.Td>
              <Table.Td>
                <Moment at={consent.given_at} />
              </Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Td c="dimmed">{t("ends")}</Table.Td>
              <Table.Td>
                <Moment at={consent.withdrawn_at ?? consent.expires_at} />
              </Table.Td>
            </Table.Tr>
          </>
        )}
      </Table.Tbody>
    </Table>
  );
}

interface KeptProps {
  rights: Rights;
  pending: boolean;
  onChange: (keepUntil: string | null) => void;
}

function KeptUntil({ rights, pending, onChange }: KeptProps) {
  const t = useTexts();
  const [day, setDay] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(beginningOf(day));
      }}
    >
      <Group align="end" gap="xs">
        <TextInput
          type="date"
          label={t("keepUntil")}
          value={day}
          onChange={(event) => {
            setDay(event.currentTarget.value);
          }}
        />
        <Button type="submit" variant="light" disabled={!day} loading={pending}>
          {t("save")}
        </Button>
        {rights.keep_until && (
          <Button
            variant="default"
            loading={pending}
            onClick={() => {
              onChange(null);
            }}
          >
            {t("keepAlways")}
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {t("keepUntilHint")}
      </Text>
    </form>
  );
}
