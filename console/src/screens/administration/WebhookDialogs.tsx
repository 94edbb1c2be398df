/** A new webhook, what could not be delivered, and the end of one. */

import { Alert, Button, Code, Modal, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { DeadDelivery, Webhook } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useCollections } from "../../api/collections";
import { showFailure } from "../../api/failures";
import { Answer } from "../../parts/Answer";
import { Listing, type Column } from "../../parts/Listing";
import { useTexts } from "../../texts/language";
import { countOf } from "../../texts/numbers";
import { Secret } from "./NewKey";

const KINDS: Webhook["kinds"] = [
  "sighted",
  "recognized",
  "enrolled",
  "erased",
  "group-named",
  "health-changed",
];

export function NewWebhook({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const { data: collections } = useCollections();
  const [url, setUrl] = useState("");
  const [kinds, setKinds] = useState<string[]>([]);
  const [collection, setCollection] = useState<string | null>(null);
  const cache = useQueryClient();
  const add = useMutation({
    mutationFn: () =>
      facet.events.add({ url: url.trim(), kinds: kinds as Webhook["kinds"], collection }),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["webhooks"] }),
  });
  if (add.data) {
    return (
      <Secret
        secret={add.data.secret}
        title={t("webhookSecret")}
        hint={t("webhookSecretHint")}
        onClose={onClose}
      />
    );
  }
  return (
    <Modal opened onClose={onClose} title={t("newWebhook")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <Stack>
          <TextInput
            type="url"
            label={t("address")}
            description={t("webhookAddressHint")}
            placeholder="https://example.org/facet"
            value={url}
            required
            data-autofocus
            onChange={(event) => {
              setUrl(event.currentTarget.value);
            }}
          />
          <MultiSelect
            label={t("events")}
            placeholder={kinds.length ? "" : t("all")}
            data={KINDS}
            value={kinds}
            onChange={setKinds}
          />
          <Select
            label={t("collection")}
            placeholder={t("all")}
            data={collections?.map((one) => one.name) ?? []}
            value={collection}
            onChange={setCollection}
            clearable
          />
          <Button type="submit" loading={add.isPending} disabled={!url.trim()}>
            {t("create")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

interface Props {
  webhook: Webhook;
  onClose: () => void;
}

export function DeadDeliveries({ webhook, onClose }: Props) {
  const t = useTexts();
  const cache = useQueryClient();
  const dead = useInfiniteQuery({
    queryKey: ["webhooks", webhook.id, "dead"],
    queryFn: ({ pageParam }) => facet.events.dead(webhook.id, { limit: 50 }).page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const resend = useMutation({
    mutationFn: () => facet.events.resend(webhook.id),
    onError: showFailure,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("deadDeliveries")} size="xl">
      <Answer query={dead}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.items);
          if (!found.length) return <Text>{t("noDeadDeliveries")}</Text>;
          return (
            <Stack>
              <DeadTable found={found} />
              {dead.hasNextPage && (
                <Button variant="default" onClick={() => void dead.fetchNextPage()}>
                  {t("more")}
                </Button>
              )}
              <Button
                loading={resend.isPending}
                onClick={() => {
                  resend.mutate();
                }}
              >
                {t("sendAgain")}
              </Button>
            </Stack>
          );
        }}
      </Answer>
    </Modal>
  );
}

function DeadTable({ found }: { found: DeadDelivery[] }) {
  const t = useTexts();
  const columns: Column<DeadDelivery>[] = [
    { name: t("attempts"), show: (one) => countOf(one.attempts) },
    { name: t("outcome"), show: (one) => <Text inherit style={{ overflowWrap: "anywhere" }}>{one.error}</Text> },
    {
      name: t("event"),
      show: (one) => <Code style={{ overflowWrap: "anywhere" }}>{JSON.stringify(one.event)}</Code>,
    },
  ];
  return <Listing columns={columns} rows={found} keyOf={(one) => one.id} minWidth={520} />;
}

export function RemoveWebhook({ webhook, onClose }: Props) {
  const t = useTexts();
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => facet.events.remove(webhook.id),
    onError: showFailure,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("remove")}>
      <Stack>
        <Text style={{ overflowWrap: "anywhere" }}>{webhook.url}</Text>
        <Alert color="red">{t("removeWebhookHint")}</Alert>
        <Button
          color="red"
          loading={remove.isPending}
          onClick={() => {
            remove.mutate();
          }}
        >
          {t("remove")}
        </Button>
      </Stack>
    </Modal>
  );
}
