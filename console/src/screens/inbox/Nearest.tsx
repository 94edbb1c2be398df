/** Whom a group looks like most, beside its faces, and that it is somebody else. */

import { Button, Group, Kbd, Text } from "@mantine/core";
import type { NearestSubject } from "facet-client";

import { useTexts } from "../../texts/language";
import { FirstFace } from "../people/FirstFace";

interface Props {
  collection: string;
  subject: NearestSubject;
  /** Absent where it is not allowed. */
  onDeny: (() => void) | undefined;
}

export function Nearest({ collection, subject, onDeny }: Props) {
  const t = useTexts();
  return (
    <Group mb="sm" gap="sm" wrap="nowrap">
      <FirstFace collection={collection} subject={subject.id} size={56} />
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {t("looksLike", { name: subject.name })}
      </Text>
      {onDeny && (
        <Button size="compact-sm" variant="default" onClick={onDeny}>
          {t("keyNotThem")} <Kbd ml={6}>P</Kbd>
        </Button>
      )}
    </Group>
  );
}
