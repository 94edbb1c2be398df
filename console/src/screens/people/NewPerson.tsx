/** A new person in one form: a name, and pictures from files or the camera. */

import { Alert, Button, Group, Image, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { useTexts } from "../../texts/language";
import { AddPictures } from "./AddPictures";
import { useAddress } from "../../parts/useAddress";

interface Props {
  collection: string;
  onClose: () => void;
}

export function NewPerson({ collection, onClose }: Props) {
  const t = useTexts();
  const [name, setName] = useState("");
  const [pictures, setPictures] = useState<Blob[]>([]);
  const changed = usePeopleChanged();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: async () => {
      const subject = await facet.subjects.create(collection, { name });
      try {
        if (pictures.length) {
          await facet.faces.enroll(collection, subject.id, { images: pictures });
        }
      } catch (error) {
        // Nobody is left behind without a face because a picture was refused.
        await facet.subjects.erase(collection, subject.id).catch(() => undefined);
        throw error;
      }
      return subject;
    },
    onSuccess: async (subject) => {
      await changed();
      onClose();
      await navigate({ to: "/people/$subject", params: { subject: subject.id } });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t("addPerson")} size="lg">
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
            maxLength={200}
            data-autofocus
          />
          <AddPictures
            onPictures={(added) => {
              setPictures((before) => [...before, ...added]);
            }}
          />
          <Group gap="xs">
            {pictures.map((picture, index) => (
              <Thumbnail key={index} picture={picture} />
            ))}
          </Group>
          {create.error && (
            <Alert color="red" role="alert" title={toldOf(create.error).title}>
              {toldOf(create.error).message}
            </Alert>
          )}
          <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
            {t("addPerson")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

function Thumbnail({ picture }: { picture: Blob }) {
  const address = useAddress(picture);
  return <Image src={address ?? null} alt="" w={72} h={72} fit="cover" radius="sm" />;
}
