/** One suggestion: what it says, the faces side by side, and the two answers. */

import { Badge, Button, Card, Group, Kbd, SimpleGrid, Text, TextInput } from "@mantine/core";
import type { Suggestion } from "facet-client";

import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { makesSomebody, useSentence } from "./answers";
import { GroupFaces, OneFace, PersonFaces } from "./Faces";

interface Props {
  collection: string;
  one: Suggestion;
  name: string;
  onName: (name: string) => void;
  /** Absent where it is not allowed. */
  accept: (() => void) | undefined;
  refuse: (() => void) | undefined;
}

export function SuggestionView({ collection, one, name, onName, accept, refuse }: Props) {
  const t = useTexts();
  const sentence = useSentence();
  return (
    <Card withBorder>
      <Group mb="md" gap="xs">
        {accept && (
          <Button onClick={accept}>
            {t("accept")} <Kbd ml={6}>Y</Kbd>
          </Button>
        )}
        {refuse && (
          <Button variant="default" onClick={refuse}>
            {t("refuse")} <Kbd ml={6}>N</Kbd>
          </Button>
        )}
        <Badge variant="light" size="lg">
          {t("likely", { share: percent(one.likelihood) })}
        </Badge>
      </Group>
      <Text fw={500} mb="md" style={{ overflowWrap: "anywhere" }}>
        {sentence(one)}
      </Text>
      {accept && makesSomebody(one) && (
        <TextInput
          label={t("name")}
          description={t("nameLater")}
          mb="md"
          maw={320}
          maxLength={200}
          value={name}
          onChange={(event) => {
            onName(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter") accept();
          }}
        />
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {one.group_id && <GroupFaces collection={collection} group={one.group_id} />}
        {one.face_id !== null && <OneFace collection={collection} face={one.face_id} />}
        {one.other && <PersonFaces collection={collection} person={one.other} />}
        {one.subject && <PersonFaces collection={collection} person={one.subject} without={one.face_id} />}
      </SimpleGrid>
    </Card>
  );
}

/** Never told as certain. */
export function percent(likelihood: number): string {
  return decimalOf(Math.floor(Math.min(likelihood, 0.999) * 1000) / 10, 1);
}
