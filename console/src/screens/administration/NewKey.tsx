/** A new key, which is shown once. */

import { Alert, Button, Code, CopyButton, Modal, MultiSelect, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { facet } from "../../api/client";
import { useCollections } from "../../api/collections";
import { showFailure } from "../../api/failures";
import { useTexts } from "../../texts/language";

const SCOPES = [
  "read",
  "write",
  "admin",
  "detect",
  "verify",
  "recognize",
  "browse",
  "models",
  "jobs",
  "embed",
  "enroll",
  "erase",
  "audit",
];
const PRESETS = ["door", "kiosk"];
const DAYS = 365;

export function NewKey({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const { data: collections } = useCollections();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<string[]>(["read"]);
  const [collection, setCollection] = useState<string | null>(null);
  const [days, setDays] = useState<number | string>(DAYS);
  const cache = useQueryClient();
  const create = useMutation({
    mutationFn: () =>
      facet.keys.create({ name, scopes, collection, ...(days === "" ? { no_expiry: true } : { days: Number(days) }) }),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["keys"] }),
  });
  if (create.data) return <Secret secret={create.data.key} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={t("newKey")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={t("name")}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
            required
            data-autofocus
          />
          <MultiSelect
            label={t("scopes")}
            data={[
              { group: t("scopes"), items: SCOPES },
              { group: t("presets"), items: PRESETS },
            ]}
            value={scopes}
            onChange={setScopes}
          />
          <Select
            label={t("collection")}
            placeholder={t("all")}
            data={collections?.map((one) => one.name) ?? []}
            value={collection}
            onChange={setCollection}
            clearable
          />
          <NumberInput
            label={t("days")}
            description={t("daysHint")}
            value={days}
            onChange={setDays}
            min={1}
            max={36_500}
          />
          <Button type="submit" loading={create.isPending} disabled={!name.trim() || !scopes.length}>
            {t("create")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

interface SecretProps {
  secret: string;
  /** Those of a key, unless something else is told. */
  title?: string;
  hint?: string;
  onClose: () => void;
}

export function Secret({ secret, title, hint, onClose }: SecretProps) {
  const t = useTexts();
  return (
    <Modal opened onClose={onClose} title={title ?? t("keyOnce")} closeOnClickOutside={false}>
      <Stack>
        <Alert color="yellow">
          <Text>{hint ?? t("keyOnceHint")}</Text>
        </Alert>
        <Code block>{secret}</Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => <Button onClick={copy}>{copied ? t("copied") : t("copy")}</Button>}
        </CopyButton>
      </Stack>
    </Modal>
  );
}
