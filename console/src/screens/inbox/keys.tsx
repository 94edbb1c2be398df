/** Keys of the inbox: what they do, and the page that tells. */

import { Kbd, Modal, Stack, Table, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";

import { useTexts, type Key } from "../../texts/language";

export interface Actions {
  next: () => void;
  previous: () => void;
  assign: () => void;
  asNew: () => void;
  ignore: () => void;
  discard: () => void;
  undo: () => void;
  help: () => void;
}

const HELP: [string, Key][] = [
  ["J", "keyNext"],
  ["K", "keyPrevious"],
  ["Enter", "keyAssign"],
  ["N", "keyNew"],
  ["I", "keyIgnore"],
  ["X", "keyDiscard"],
  ["Z", "keyUndo"],
  ["?", "keyHelp"],
];
/** What has a use for the keys itself. */
const ELSEWHERE = ["INPUT", "TEXTAREA", "SELECT", "BUTTON", "A"];

/** Have the keys do these things, unless a dialog is open. */
export function useInboxKeys(actions: Actions, enabled: boolean): void {
  useHotkeys(
    enabled
      ? [
          ["J", actions.next],
          ["K", actions.previous],
          ["Enter", actions.assign],
          ["N", actions.asNew],
          ["I", actions.ignore],
          ["X", actions.discard],
          ["Z", actions.undo],
          ["shift+?", actions.help],
        ]
      : [],
    ELSEWHERE,
  );
}

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  return (
    <Modal opened onClose={onClose} title={t("keyHelp")}>
      <Stack>
        <Table>
          <Table.Tbody>
            {HELP.map(([key, text]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{t(text)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="sm">{t("ignoredHint")}</Text>
      </Stack>
    </Modal>
  );
}
