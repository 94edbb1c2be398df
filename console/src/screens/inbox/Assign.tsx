/** Naming groups: by somebody who is known, with suggestions side by side, or as somebody new. */

import { Button, Group, Image, Modal, Stack, Text, TextInput } from "@mantine/core";
import type { GroupSummary as Unnamed } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { sightingAddress } from "../../api/pictures";
import { PersonChoice } from "../../parts/PersonChoice";
import { useTexts } from "../../texts/language";
import { FirstFace } from "../people/FirstFace";
import { sizeOf } from "./deciding";
import type { Waiting } from "../../parts/waiting";

interface Props {
  collection: string;
  /** Of one person; suggestions are those of the first. */
  groups: Unnamed[];
  asNew: boolean;
  onClose: () => void;
  onChosen: (decision: Waiting) => void;
}

export function Assign({ collection, groups, asNew, onClose, onChosen }: Props) {
  const t = useTexts();
  const [subject, setSubject] = useState<string | null>(null);
  const [name, setName] = useState("");
  const assign = (options: { subject_id?: string; new_subject?: string }) => {
    onChosen({
      about: groups.map((one) => one.id),
      text: t("assigning", { count: sizeOf(groups) }),
      run: async () => {
        let who = options;
        for (const { id } of groups) {
          const named = await facet.groups.assign(collection, id, who);
          who = { subject_id: named.subject.id };
        }
      },
    });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={asNew ? t("keyNew") : t("keyAssign")} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (asNew) assign({ new_subject: name.trim() });
          else if (subject) assign({ subject_id: subject });
        }}
      >
        <Stack>
          {asNew ? (
            <TextInput
              label={t("name")}
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
              }}
              required
              maxLength={200}
              data-autofocus
            />
          ) : (
            <>
              <Suggestions
                collection={collection}
                group={groups[0]}
                onChosen={(one) => {
                  assign({ subject_id: one });
                }}
              />
              <PersonChoice collection={collection} value={subject} onChange={setSubject} />
            </>
          )}
          <Button type="submit" disabled={asNew ? !name.trim() : !subject}>
            {t("assign")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

interface SuggestionProps {
  collection: string;
  group: Unnamed | undefined;
  onChosen: (subject: string) => void;
}

function Suggestions({ collection, group, onChosen }: SuggestionProps) {
  const t = useTexts();
  const first = group?.faces[0]?.id;
  if (!group?.nearest.length || first === undefined) return null;
  return (
    <>
      <Text size="sm">{t("mayBe")}</Text>
      <Group>
        <Image src={sightingAddress(collection, first)} alt={t("theFace")} w={88} h={88} fit="cover" radius="sm" />
        {group.nearest.map((one) => (
          <Button
            key={one.id}
            variant="default"
            h="auto"
            p="xs"
            onClick={() => {
              onChosen(one.id);
            }}
          >
            <Stack gap={4} align="center">
              <FirstFace collection={collection} subject={one.id} size={72} />
              <Text size="sm" maw={110} truncate>
                {one.name}
              </Text>
            </Stack>
          </Button>
        ))}
      </Group>
    </>
  );
}
