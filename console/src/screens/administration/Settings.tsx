/** Settings of the server, to be looked at. */

import { Badge, Code, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Setting } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Listing, type Column } from "../../parts/Listing";
import { useTexts } from "../../texts/language";

export function Settings() {
  const t = useTexts();
  const [typed, setTyped] = useState("");
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => facet.settings.list() });
  const wanted = typed.trim().toLowerCase();
  const columns: Column<Setting>[] = [
    { name: t("setting"), show: (one) => <Name setting={one} /> },
    {
      name: t("value"),
      show: (one) => (
        <Text inherit style={{ overflowWrap: "anywhere" }}>
          {one.value || "–"}
        </Text>
      ),
    },
    { name: t("meaning"), show: (one) => one.description },
  ];
  return (
    <>
      <Heading title={t("settings")}>
        <TextInput
          aria-label={t("search")}
          placeholder={t("search")}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      </Heading>
      <Answer query={settings}>
        {({ settings: found }) => (
          <Listing
            columns={columns}
            rows={found.filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted))}
            keyOf={(one) => one.name}
            minWidth={640}
          />
        )}
      </Answer>
    </>
  );
}

function Name({ setting }: { setting: Setting }) {
  const t = useTexts();
  return (
    <>
      <Code>{setting.name}</Code>{" "}
      {!setting.is_default && <Badge variant="light">{t("changedSetting")}</Badge>}
    </>
  );
}
