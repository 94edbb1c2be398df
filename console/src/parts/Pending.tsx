/** What is about to be sent, until then with a way back. */

import { Button, Card, Kbd, Text } from "@mantine/core";

import { useTexts } from "../texts/language";
import type { Waiting } from "./waiting";

export function Pending({ waiting, onUndo }: { waiting: Waiting[]; onUndo: () => void }) {
  const t = useTexts();
  return (
    <Card withBorder mb="md" role="status">
      {waiting.map((one) => (
        <Text key={one.about.join()} size="sm">
          {one.text}
        </Text>
      ))}
      <Button mt="xs" size="compact-sm" variant="light" w="fit-content" onClick={onUndo}>
        {t("undo")} <Kbd ml={6}>Z</Kbd>
      </Button>
    </Card>
  );
}
