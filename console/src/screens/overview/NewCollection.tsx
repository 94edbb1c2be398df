/** A new collection, and the way to its first person. */

import { Button, Modal, Stack, Switch, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { PlusIcon } from "@primer/octicons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useTexts } from "../../texts/language";

export function NewCollection() {
  const t = useTexts();
  const [opened, { open, close }] = useDisclosure();
  const [name, setName] = useState("");
  const [keepImages, setKeepImages] = useState(true);
  const [sealed, setSealed] = useState(false);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => facet.collections.create({ name, keep_images: keepImages, sealed }),
    onError: showFailure,
    onSuccess: async (made) => {
      await cache.invalidateQueries({ queryKey: ["collections"] });
      close();
      await navigate({ to: "/people", search: { c: made.name } });
    },
  });
  return (
    <>
      <Button leftSection={<PlusIcon size={16} aria-hidden />} onClick={open}>
        {t("newCollection")}
      </Button>
      <Modal opened={opened} onClose={close} title={t("newCollection")}>
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
              placeholder="staff"
              required
              maxLength={63}
              data-autofocus
            />
            <Switch
              label={t("keepImages")}
              checked={keepImages}
              onChange={(event) => {
                setKeepImages(event.currentTarget.checked);
              }}
            />
            <Switch
              label={t("sealNames")}
              description={t("sealNamesMeans")}
              checked={sealed}
              onChange={(event) => {
                setSealed(event.currentTarget.checked);
              }}
            />
            <Button type="submit" loading={create.isPending}>
              {t("create")}
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
