/** Choosing somebody of a collection by the beginning of a name. */

import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

import { useSealed } from "../api/collections";
import { calledSo } from "../api/naming";
import { usePeople } from "../api/people";
import { useTexts } from "../texts/language";

interface Props {
  collection: string;
  without?: string;
  value: string | null;
  onChange: (subject: string | null) => void;
}

export function PersonChoice({ collection, without, value, onChange }: Props) {
  const t = useTexts();
  const [typed, setTyped] = useState("");
  const [prefix] = useDebouncedValue(typed, 200);
  const sealed = useSealed(collection);
  const { data } = usePeople(collection, calledSo(prefix, sealed));
  const found = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Select
      label={t("person")}
      placeholder={t(sealed ? "wholeName" : "beginningOfName")}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      data={found
        .filter((one) => one.id !== without)
        .map((one) => ({ value: one.id, label: one.name }))}
      value={value}
      onChange={onChange}
      limit={50}
      nothingFoundMessage={t("nobody")}
      comboboxProps={{ withinPortal: true }}
      data-autofocus
    />
  );
}
