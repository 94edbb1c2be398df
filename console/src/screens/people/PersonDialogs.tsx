/** Renaming somebody, and finding that two are one. */

import { Alert, Button, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Subject } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { offerUndo } from "../../parts/Undo";
import { PersonChoice } from "../../parts/PersonChoice";
import { useTexts } from "../../texts/language";
import { useCorrections } from "./useCorrections";

interface Props {
  collection: string;
  person: Subject;
  onClose: () => void;
}

export function Rename({ collection, person, onClose }: Props) {
  const t = useTexts();
  const [name, setName] = useState(person.name);
  const changed = usePeopleChanged();
  const rename = useMutation({
    mutationFn: (wanted: string) => facet.subjects.update(collection, person.id, { name: wanted }),
    onSuccess: async () => {
      await changed();
      onClose();
      offerUndo({
        message: t("renamed", { name }),
        undo: t("undo"),
        onUndo: async () => {
          await facet.subjects.update(collection, person.id, { name: person.name });
          await changed();
        },
      });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("rename")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate(name);
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
            maxLength={200}
            data-autofocus
            error={rename.error && toldOf(rename.error).title}
          />
          <Button type="submit" loading={rename.isPending}>
            {t("rename")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

export function Merge({ collection, person, onClose }: Props) {
  const t = useTexts();
  const [into, setInto] = useState<string | null>(null);
  const { merge } = useCorrections(collection);
  const navigate = useNavigate();
  return (
    <Modal opened onClose={onClose} title={t("mergeInto")}>
      <Stack>
        <Alert>{t("mergeHint", { name: person.name })}</Alert>
        <PersonChoice
          collection={collection}
          without={person.id}
          value={into}
          onChange={setInto}
        />
        <Button
          disabled={!into}
          loading={merge.isPending}
          onClick={() => {
            if (!into) return;
            merge.mutate(
              { into, absorbed: person.id },
              {
                onSuccess: () => {
                  onClose();
                  void navigate({ to: "/people/$subject", params: { subject: into } });
                },
              },
            );
          }}
        >
          {t("merge")}
        </Button>
      </Stack>
    </Modal>
  );
}
