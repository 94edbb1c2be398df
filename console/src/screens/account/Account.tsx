/** Who is signed in, and where; language and looks. */

import {
  Badge,
  Button,
  Card,
  Group,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Title,
  useMantineColorScheme,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Session } from "facet-client";
import { useContext } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useCaller, useSessions, useSigning } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Listing, type Column } from "../../parts/Listing";
import { Moment } from "../../parts/Moment";
import { LANGUAGES, SpeakingContext, useTexts, type Language } from "../../texts/language";

export function Account() {
  const t = useTexts();
  return (
    <>
      <Heading title={t("account")} />
      <SimpleGrid cols={{ base: 1, md: 2 }} mb="md">
        <Myself />
        <Looks />
      </SimpleGrid>
      <SignedIn />
    </>
  );
}

function Myself() {
  const t = useTexts();
  const { data: caller } = useCaller();
  const signing = useSigning();
  const out = useMutation({ mutationFn: () => signing.signOut(), onError: showFailure });
  const everywhere = useMutation({
    mutationFn: () => signing.signOutEverywhere(),
    onError: showFailure,
  });
  if (!caller) return null;
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {caller.name}
        </Title>
        <Text size="sm">
          {t("scopes")}: {caller.scopes.join(", ")}
        </Text>
        <Text size="sm">
          {t("expires")}: <Moment at={caller.expires_at} />
        </Text>
        {caller.session && (
          <Group>
            <Button
              onClick={() => {
                out.mutate();
              }}
              loading={out.isPending}
            >
              {t("signOut")}
            </Button>
            <Button
              variant="light"
              color="red"
              loading={everywhere.isPending}
              onClick={() => {
                everywhere.mutate();
              }}
            >
              {t("signOutEverywhere")}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function Looks() {
  const t = useTexts();
  const { language, speak } = useContext(SpeakingContext);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Card withBorder>
      <Stack>
        <Select
          label={t("language")}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          value={language}
          onChange={(wanted) => {
            if (wanted) speak(wanted as Language);
          }}
          allowDeselect={false}
        />
        <SegmentedControl
          aria-label={t("looks")}
          value={colorScheme}
          onChange={(scheme) => {
            setColorScheme(scheme as "light" | "dark" | "auto");
          }}
          data={[
            { value: "auto", label: t("asTheSystem") },
            { value: "light", label: t("light") },
            { value: "dark", label: t("dark") },
          ]}
        />
      </Stack>
    </Card>
  );
}

function SignedIn() {
  const t = useTexts();
  const cache = useQueryClient();
  const sessions = useSessions();
  const end = useMutation({
    mutationFn: (id: string) => facet.sessions.end(id),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["sessions"] }),
  });
  const columns: Column<Session>[] = [
    {
      name: t("browser"),
      width: 320,
      show: (one) => (
        <Text size="sm" truncate>
          {one.agent || "–"}
        </Text>
      ),
    },
    { name: t("address"), show: (one) => one.address || "–" },
    { name: t("lastUsed"), show: (one) => <Moment at={one.last_used_at} /> },
    { name: t("ends"), show: (one) => <Moment at={one.ends_at} /> },
    {
      name: t("actions"),
      unnamed: true,
      show: (one) =>
        one.current ? (
          <Badge variant="light">{t("thisOne")}</Badge>
        ) : (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              end.mutate(one.id);
            }}
          >
            {t("signOut")}
          </Button>
        ),
    },
  ];
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t("sessions")}
      </Title>
      <Answer query={sessions}>
        {({ sessions: found }) => (
          <Listing columns={columns} rows={found} keyOf={(one) => one.id} minWidth={600} />
        )}
      </Answer>
    </Card>
  );
}
