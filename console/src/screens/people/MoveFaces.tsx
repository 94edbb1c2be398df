/** Giving faces to somebody else: to a person who is known, or to a new one. */

import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { PersonChoice } from "../../parts/PersonChoice";
import { useTexts } from "../../texts/language";
import { useCorrections } from "./useCorrections";

interface Props {
  collection: string;
  /** Whose faces they are. */
  from: string;
  faces: number[];
  onClose: () => void;
}

export function MoveFaces({ collection, from, faces, onClose }: Props) {
  const t = useTexts();
  const { move } = useCorrections(collection);
  const [subject, setSubject] = useState<string | null>(null);
  const [name, setName] = useState("");
  const submit = () => {
    const where = subject ? { subject } : { newSubject: name.trim() };
    move.mutate({ faces, ...where }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={t("moveFaces", { count: faces.length })}>
      <Stack>
        <PersonChoice collection={collection} without={from} value={subject} onChange={setSubject} />
        <Text size="sm">{t("orNewPerson")}</Text>
        <TextInput
          label={t("name")}
          value={name}
          disabled={subject !== null}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <Button onClick={submit} loading={move.isPending} disabled={!subject && !name.trim()}>
          {t("move")}
        </Button>
      </Stack>
    </Modal>
  );
}
