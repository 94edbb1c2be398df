/** What callers may ask of a collection; those who administer it change that. */

import { Alert, Button, Fieldset, Group, NumberInput, Select, SimpleGrid, Stack, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Collection, Policy } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { offerUndo } from "../../parts/Undo";
import { useTexts, type Key } from "../../texts/language";
import { separators } from "../../texts/numbers";
import { changesOf, FIELDS, isNullable, type NumberField } from "./policy";

export function PolicyForm({ collection }: { collection: string }) {
  const found = useQuery({
    queryKey: ["collections", collection],
    queryFn: () => facet.collections.get(collection),
  });
  return (
    <Answer query={found}>
      {(one) => <Form key={JSON.stringify([one.policy, one.keep_images])} collection={one} />}
    </Answer>
  );
}

interface Kept {
  policy: Policy;
  keepImages: boolean;
}

function Form({ collection }: { collection: Collection }) {
  const t = useTexts();
  const may = useMay();
  const cache = useQueryClient();
  const before: Kept = { policy: collection.policy, keepImages: collection.keep_images };
  const [{ policy, keepImages }, setKept] = useState(before);
  const set = (change: Partial<Policy>) => {
    setKept({ policy: { ...policy, ...change }, keepImages });
  };
  const send = async (from: Kept, to: Kept) => {
    await facet.collections.update(collection.name, {
      policy: changesOf(from.policy, to.policy),
      ...(from.keepImages !== to.keepImages && { keep_images: to.keepImages }),
    });
    await cache.invalidateQueries({ queryKey: ["collections"] });
  };
  const save = useMutation({
    mutationFn: (to: Kept) => send(before, to),
    onError: showFailure,
    onSuccess: (_, to) => {
      offerUndo({
        message: t("policySaved"),
        undo: t("undo"),
        onUndo: () => send(to, before).catch(showFailure),
      });
    },
  });
  const number = (field: NumberField) => (
    <PolicyNumber key={field} field={field} policy={policy} collection={collection} onChange={set} />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ policy, keepImages });
      }}
    >
      <Stack>
        {!may("admin") && <Alert>{t("policyReadOnly")}</Alert>}
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Fieldset legend={t("policyRates")} disabled={!may("admin")}>
            <Stack gap="sm">
              {FIELDS.rates.map(number)}
              <PolicySwitch
                text="ownThresholds"
                checked={policy.own_thresholds}
                onChange={(own_thresholds) => {
                  set({ own_thresholds });
                }}
              />
            </Stack>
          </Fieldset>
          <Fieldset legend={t("policyEnrolment")} disabled={!may("admin")}>
            <Stack gap="sm">
              {FIELDS.enrolment.map(number)}
              <Select
                label={t("reviewMode")}
                description={t("reviewModeHint")}
                data={[
                  { value: "off", label: t("reviewOff") },
                  { value: "warn", label: t("reviewWarn") },
                  { value: "strict", label: t("reviewStrict") },
                ]}
                value={policy.review_mode ?? "off"}
                allowDeselect={false}
                onChange={(mode) => {
                  set({ review_mode: mode as "off" | "warn" | "strict" });
                }}
              />
              <PolicySwitch
                text="requireConsent"
                checked={policy.require_consent}
                onChange={(require_consent) => {
                  set({ require_consent });
                }}
              />
              <PolicySwitch
                text="keepImages"
                checked={keepImages}
                onChange={(keep) => {
                  setKept({ policy, keepImages: keep });
                }}
              />
            </Stack>
          </Fieldset>
          <Fieldset legend={t("policyRemember")} disabled={!may("admin")}>
            <Stack gap="sm">
              <Select
                label={t("remember")}
                description={t("rememberHint")}
                data={[
                  { value: "nothing", label: t("rememberNothing") },
                  { value: "unknown", label: t("rememberUnknown") },
                  { value: "all", label: t("rememberAll") },
                ]}
                value={policy.remember}
                allowDeselect={false}
                onChange={(remember) => {
                  set({ remember: remember as Policy["remember"] });
                }}
              />
              {FIELDS.remember.map(number)}
            </Stack>
          </Fieldset>
          <Fieldset legend={t("policyBounds")} disabled={!may("admin")}>
            <Stack gap="sm">{FIELDS.bounds.map(number)}</Stack>
          </Fieldset>
        </SimpleGrid>
        {may("admin") && (
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

interface NumberProps {
  field: NumberField;
  policy: Policy;
  collection: Collection;
  onChange: (change: Partial<Policy>) => void;
}

const TEXTS: Record<NumberField, Key> = {
  max_fpir: "maxFpir",
  max_fmr: "maxFmr",
  min_quality: "minQuality",
  keep_days: "keepDays",
  max_subjects: "maxSubjects",
  max_faces: "maxFaces",
  max_bytes: "maxBytes",
  remember_days: "rememberDays",
  remember_per_day: "rememberPerDay",
  remember_quality: "rememberQuality",
};

function PolicyNumber({ field, policy, collection, onChange }: NumberProps) {
  const t = useTexts();
  const held =
    field === "max_subjects" || field === "max_faces" || field === "max_bytes"
      ? collection.usage?.[field.slice(4) as "subjects" | "faces" | "bytes"]
      : undefined;
  return (
    <NumberInput
      label={t(TEXTS[field])}
      description={held == null ? undefined : t("heldNow", { count: held })}
      placeholder={isNullable(field) ? t("noLimit") : ""}
      value={policy[field] ?? ""}
      min={0}
      decimalScale={9}
      {...separators()}
      required={!isNullable(field)}
      onChange={(value) => {
        onChange({ [field]: value === "" ? null : Number(value) });
      }}
    />
  );
}

interface SwitchProps {
  text: Key;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function PolicySwitch({ text, checked, onChange }: SwitchProps) {
  const t = useTexts();
  return (
    <Switch
      label={t(text)}
      checked={checked}
      onChange={(event) => {
        onChange(event.currentTarget.checked);
      }}
    />
  );
}
