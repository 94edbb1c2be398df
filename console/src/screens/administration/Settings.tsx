/** Settings of the server, to be looked at. */

import { Badge, Code, Table, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { facet } from "../../api/client";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { useTexts } from "../../texts/language";

export function Settings() {
  const t = useTexts();
  const [typed, setTyped] = useState("");
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => facet.settings.list() });
  const wanted = typed.trim().toLowerCase();
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
          <Table.ScrollContainer minWidth={640}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("setting")}</Table.Th>
                  <Table.Th>{t("value")}</Table.Th>
                  <Table.Th>{t("meaning")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found
                  .filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted))
                  .map((one) => (
                    <Table.Tr key={one.name}>
                      <Table.Td>
                        <Code>{one.name}</Code>{" "}
                        {!one.is_default && <Badge variant="light">{t("changedSetting")}</Badge>}
                      </Table.Td>
                      <Table.Td style={{ overflowWrap: "anywhere" }}>{one.value || "–"}</Table.Td>
                      <Table.Td>{one.description}</Table.Td>
                    </Table.Tr>
                  ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Answer>
    </>
  );
}
