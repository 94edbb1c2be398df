/** Addresses that are told of what happens. */

import { Badge, Button, Group, Menu, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useDisclosure } from "@mantine/hooks";
import { KebabHorizontalIcon, PlusIcon } from "@primer/octicons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Webhook } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useCollections } from "../../api/collections";
import { showFailure } from "../../api/failures";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Listing, type Column } from "../../parts/Listing";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { DeadDeliveries, NewWebhook, RemoveWebhook } from "./WebhookDialogs";

type Action = "dead" | "remove";

export function Webhooks() {
  const t = useTexts();
  const [making, { open, close }] = useDisclosure();
  const [chosen, setChosen] = useState<{ webhook: Webhook; action: Action }>();
  const webhooks = useQuery({
    queryKey: ["webhooks"],
    queryFn: () => facet.events.list(),
    refetchInterval: 15_000,
  });
  const done = () => {
    setChosen(undefined);
  };
  return (
    <>
      <Heading title={t("webhooks")}>
        <Button leftSection={<PlusIcon size={16} aria-hidden />} onClick={open}>
          {t("newWebhook")}
        </Button>
      </Heading>
      <Text mb="md">{t("webhooksMeaning")}</Text>
      <Answer query={webhooks}>
        {({ items }) =>
          items.length ? (
            <WebhookTable
              webhooks={items}
              onChoose={(webhook, action) => {
                setChosen({ webhook, action });
              }}
            />
          ) : (
            <Text>{t("noWebhooks")}</Text>
          )
        }
      </Answer>
      {making && <NewWebhook onClose={close} />}
      {chosen?.action === "dead" && <DeadDeliveries webhook={chosen.webhook} onClose={done} />}
      {chosen?.action === "remove" && <RemoveWebhook webhook={chosen.webhook} onClose={done} />}
    </>
  );
}

interface Props {
  webhooks: Webhook[];
  onChoose: (webhook: Webhook, action: Action) => void;
}

function WebhookTable({ webhooks, onChoose }: Props) {
  const t = useTexts();
  const { data: collections } = useCollections();
  const columns: Column<Webhook>[] = [
    { name: t("address"), show: (one) => <Text inherit style={{ overflowWrap: "anywhere" }}>{one.url}</Text> },
    { name: t("events"), show: (one) => (one.kinds.length ? one.kinds.join(", ") : t("all")) },
    {
      name: t("collection"),
      show: (one) =>
        collections?.find((other) => other.id === one.collection_id)?.name ??
        one.collection_id ??
        t("all"),
    },
    { name: t("deliveries"), show: (one) => <Deliveries webhook={one} /> },
    { name: t("added"), show: (one) => <Moment at={one.created_at} /> },
    {
      name: t("actions"),
      unnamed: true,
      show: (one) => <WebhookActions webhook={one} onChoose={onChoose} />,
    },
  ];
  return <Listing columns={columns} rows={webhooks} keyOf={(one) => one.id} minWidth={820} />;
}

function Deliveries({ webhook }: { webhook: Webhook }) {
  const t = useTexts();
  return (
    <Group gap={4}>
      <Badge variant="light">{t("waiting", { count: webhook.waiting })}</Badge>
      {webhook.dead > 0 && <Badge color="red">{t("givenUp", { count: webhook.dead })}</Badge>}
      {webhook.missed > 0 && <Badge color="orange">{t("missed", { count: webhook.missed })}</Badge>}
    </Group>
  );
}

function WebhookActions({ webhook, onChoose }: Omit<Props, "webhooks"> & { webhook: Webhook }) {
  const t = useTexts();
  const cache = useQueryClient();
  const test = useMutation({
    mutationFn: () => facet.events.test(webhook.id),
    onError: showFailure,
    onSuccess: ({ delivered, error }) => {
      notifications.show({
        color: delivered ? "teal" : "red",
        title: delivered ? t("delivered") : t("notDelivered"),
        message: error ?? webhook.url,
      });
      return cache.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        size="compact-sm"
        variant="light"
        loading={test.isPending}
        onClick={() => {
          test.mutate();
        }}
      >
        {t("testWebhook")}
      </Button>
      <Menu>
        <Menu.Target>
          <Button size="compact-sm" variant="subtle" aria-label={t("actionsOn", { name: webhook.url })}>
            <KebabHorizontalIcon size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              onChoose(webhook, "dead");
            }}
          >
            {t("deadDeliveries")}
          </Menu.Item>
          <Menu.Item
            color="red"
            onClick={() => {
              onChoose(webhook, "remove");
            }}
          >
            {t("remove")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
