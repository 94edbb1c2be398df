/** What was just done, with the way back. */

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

interface Offer {
  message: string;
  undo: string;
  onUndo: () => Promise<unknown>;
}

const SECONDS = 12;

/** Tell what was done, and offer to undo it for a while. */
export function offerUndo({ message, undo, onUndo }: Offer): void {
  const id = notifications.show({
    autoClose: SECONDS * 1000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            void onUndo();
          }}
        >
          {undo}
        </Button>
      </Group>
    ),
  });
}
