/** Keys: made, limited, given a new secret, revoked. */

import { Badge, Button, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { KebabHorizontalIcon, PlusIcon } from "@primer/octicons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Key, KeyLimits } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useCollections } from "../../api/collections";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Listing, type Column } from "../../parts/Listing";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { countOf } from "../../texts/numbers";
import { LimitKey, RevokeKey, RotateKey } from "./KeyDialogs";
import { LIMITS } from "./limits";
import { NewKey } from "./NewKey";

type Action = "limit" | "rotate" | "revoke";

export function Keys() {
  const t = useTexts();
  const [making, { open, close }] = useDisclosure();
  const [chosen, setChosen] = useState<{ key: Key; action: Action }>();
  const keys = useInfiniteQuery({
    queryKey: ["keys"],
    queryFn: ({ pageParam }) => facet.keys.list({ limit: 100 }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const done = () => {
    setChosen(undefined);
  };
  return (
    <>
      <Heading title={t("keys")}>
        <Button leftSection={<PlusIcon size={16} aria-hidden />} onClick={open}>
          {t("newKey")}
        </Button>
      </Heading>
      <Answer query={keys}>
        {({ pages }) => (
          <KeyTable
            keys={pages.flatMap((page) => page.items)}
            onChoose={(key, action) => {
              setChosen({ key, action });
            }}
          />
        )}
      </Answer>
      {keys.hasNextPage && (
        <Button variant="default" mt="sm" onClick={() => void keys.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {making && <NewKey onClose={close} />}
      {chosen?.action === "limit" && <LimitKey apiKey={chosen.key} onClose={done} />}
      {chosen?.action === "rotate" && <RotateKey apiKey={chosen.key} onClose={done} />}
      {chosen?.action === "revoke" && <RevokeKey apiKey={chosen.key} onClose={done} />}
    </>
  );
}

interface Props {
  keys: Key[];
  onChoose: (key: Key, action: Action) => void;
}

function KeyTable({ keys, onChoose }: Props) {
  const t = useTexts();
  const { data: collections } = useCollections();
  const columns: Column<Key>[] = [
    { name: t("name"), show: (one) => <Name apiKey={one} /> },
    { name: t("scopes"), show: (one) => one.scopes.join(", ") },
    {
      name: t("collection"),
      show: (one) => collections?.find((other) => other.id === one.collection_id)?.name ?? t("all"),
    },
    { name: t("limits"), show: (one) => <Limits limits={one.limits} /> },
    {
      name: t("lastUsed"),
      show: (one) => (
        <>
          <Moment at={one.last_used_at} /> {one.last_used_from}
        </>
      ),
    },
    { name: t("expires"), show: (one) => <Expiry apiKey={one} /> },
    {
      name: t("actions"),
      unnamed: true,
      show: (one) => !one.revoked_at && <KeyActions apiKey={one} onChoose={onChoose} />,
    },
  ];
  return (
    <Listing
      columns={columns}
      rows={keys}
      keyOf={(one) => one.id}
      minWidth={800}
      isOver={(one) => one.revoked_at !== null}
    />
  );
}

function Name({ apiKey }: { apiKey: Key }) {
  return (
    <>
      {apiKey.name}
      <Text size="xs" c="dimmed">
        {apiKey.id} {apiKey.form !== "native" && apiKey.form}
      </Text>
    </>
  );
}

function Expiry({ apiKey }: { apiKey: Key }) {
  const t = useTexts();
  if (apiKey.revoked_at) return <Badge color="gray">{t("revoked")}</Badge>;
  return <Moment at={apiKey.expires_at} />;
}

/** Limits that the key has beside those of the server. */
function Limits({ limits }: { limits: KeyLimits }) {
  const t = useTexts();
  const set = LIMITS.filter(([field]) => limits[field] !== null);
  if (!set.length) return <Text size="sm">{t("noLimit")}</Text>;
  return set.map(([field, text]) => (
    <Text key={field} size="sm">
      {t(text)}: {countOf(limits[field] ?? 0)}
    </Text>
  ));
}

interface ActionProps {
  apiKey: Key;
  onChoose: Props["onChoose"];
}

function KeyActions({ apiKey, onChoose }: ActionProps) {
  const t = useTexts();
  const item = (action: Action, text: string, color?: string) => (
    <Menu.Item
      {...(color && { color })}
      onClick={() => {
        onChoose(apiKey, action);
      }}
    >
      {text}
    </Menu.Item>
  );
  return (
    <Menu>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" aria-label={t("actionsOn", { name: apiKey.name })}>
          <KebabHorizontalIcon size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {item("limit", t("limits"))}
        {item("rotate", t("newSecret"))}
        {item("revoke", t("revoke"), "red")}
      </Menu.Dropdown>
    </Menu>
  );
}
