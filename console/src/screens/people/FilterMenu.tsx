/** What people are filtered by, and what of it is chosen: each is taken back by itself. */

import { Button, Group, Pill, Popover, Select, Stack, Text, TextInput } from "@mantine/core";
import { FilterIcon } from "@primer/octicons-react";
import { useContext, useState } from "react";

import { localeOf, SpeakingContext, useTexts, type Key } from "../../texts/language";
import {
  textOfValue,
  valueOf,
  without,
  withoutCondition,
  type Consent,
  type FacesHeld,
  type Filters,
} from "./filters";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

const FACES: Record<FacesHeld, Key> = { none: "withoutFaces", few: "fewFaces" };
const CONSENT: Record<Consent, Key> = {
  none: "consentNone",
  valid: "consentValid",
  ended: "consentEnded",
};
const RESTRICTED: Record<string, Key> = { true: "areRestricted", false: "areNotRestricted" };

export function FilterMenu({ filters, onChange }: Props) {
  const t = useTexts();
  const options = (texts: Record<string, Key>) =>
    Object.entries(texts).map(([value, text]) => ({ value, label: t(text) }));
  const choice = (name: "faces" | "consent" | "restricted", label: Key, texts: Record<string, Key>) => (
    <Select
      label={t(label)}
      placeholder={t("all")}
      data={options(texts)}
      value={filters[name] === undefined ? null : String(filters[name])}
      onChange={(value) => {
        const wanted = name === "restricted" ? value === "true" : value;
        onChange(value === null ? without(filters, name) : { ...filters, [name]: wanted });
      }}
      clearable
      comboboxProps={{ withinPortal: false }}
    />
  );
  return (
    <Popover position="bottom-end" width={320} trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" leftSection={<FilterIcon size={16} aria-hidden />}>
          {t("filter")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("filter")}>
        <Stack gap="sm">
          {choice("faces", "facesHeld", FACES)}
          {choice("consent", "basis", CONSENT)}
          {choice("restricted", "restriction", RESTRICTED)}
          <TextInput
            type="date"
            label={t("enrolledSince")}
            value={filters.since ?? ""}
            onChange={({ currentTarget: { value } }) => {
              onChange(value ? { ...filters, since: value } : without(filters, "since"));
            }}
          />
          <MetadataFields filters={filters} onChange={onChange} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function MetadataFields({ filters, onChange }: Props) {
  const t = useTexts();
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ ...filters, where: { ...filters.where, [key]: valueOf(value) } });
        setKey("");
        setValue("");
      }}
    >
      <Group gap="xs" grow>
        <TextInput
          label={t("metadataKey")}
          placeholder="team"
          value={key}
          onChange={(event) => {
            setKey(event.currentTarget.value);
          }}
          required
          withAsterisk={false}
        />
        <TextInput
          label={t("value")}
          placeholder="sales"
          value={value}
          onChange={(event) => {
            setValue(event.currentTarget.value);
          }}
          required
          withAsterisk={false}
        />
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {t("metadataHint")}
      </Text>
      <Button type="submit" variant="light" size="xs" mt="xs">
        {t("filterByIt")}
      </Button>
    </form>
  );
}

export function ChosenFilters({ filters, onChange }: Props) {
  const t = useTexts();
  const { language } = useContext(SpeakingContext);
  const { where, faces, consent, restricted, since } = filters;
  const chips: { text: string; left: Filters }[] = [];
  const add = (name: keyof Filters, text: string) => {
    chips.push({ text, left: without(filters, name) });
  };
  if (faces) add("faces", t(FACES[faces]));
  if (consent) add("consent", t(CONSENT[consent]));
  if (restricted !== undefined) add("restricted", t(restricted ? "areRestricted" : "areNotRestricted"));
  if (since) {
    const day = new Date(`${since}T00:00`).toLocaleDateString(localeOf(language));
    add("since", t("sinceDay", { day }));
  }
  for (const [key, value] of Object.entries(where ?? {})) {
    chips.push({ text: `${key} = ${textOfValue(value)}`, left: withoutCondition(filters, key) });
  }
  if (!chips.length) return null;
  return (
    <Pill.Group mb="sm">
      {chips.map(({ text, left }) => (
        <Pill
          key={text}
          size="md"
          withRemoveButton
          removeButtonProps={{ "aria-label": t("without", { text }), "aria-hidden": false, tabIndex: 0 }}
          onRemove={() => {
            onChange(left);
          }}
        >
          {text}
        </Pill>
      ))}
    </Pill.Group>
  );
}
