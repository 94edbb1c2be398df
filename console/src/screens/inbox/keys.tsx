/** Keys of the inbox: what they do, and the page that tells. */

import { Kbd, Modal, Stack, Table, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";

import { useTexts, type Key } from "../../texts/language";

export interface Actions {
  next: () => void;
  previous: () => void;
  /** The same, and choose on the way. */
  chooseNext: () => void;
  choosePrevious: () => void;
  choose: () => void;
  chooseNone: () => void;
  merge: () => void;
  faces: () => void;
  split: () => void;
  assign: () => void;
  asNew: () => void;
  ignore: () => void;
  discard: () => void;
  notThem: () => void;
  undo: () => void;
  help: () => void;
}

const HELP: [string, Key][] = [
  ["J", "keyNext"],
  ["K", "keyPrevious"],
  ["Space", "keyChoose"],
  ["Shift J, Shift K", "keyChooseOn"],
  ["Esc", "keyChooseNone"],
  ["M", "keyMerge"],
  ["F", "keyFaces"],
  ["S", "keySplit"],
  ["Enter", "keyAssign"],
  ["N", "keyNew"],
  ["I", "keyIgnore"],
  ["X", "keyDiscard"],
  ["P", "keyNotThem"],
  ["Z", "keyUndo"],
  ["?", "keyHelp"],
];
/** What those can do who may only look. */
const LOOKING: Key[] = ["keyNext", "keyPrevious", "keyHelp"];
/** Where people write. */
const WRITING = ["INPUT", "TEXTAREA", "SELECT"];
/** What these keys press by themselves. */
const PRESSED = [...WRITING, "BUTTON", "A"];

/** Have the keys do these things, unless a dialog is open. */
export function useInboxKeys(actions: Actions, enabled: boolean): void {
  useHotkeys(
    enabled
      ? [
          ["J", actions.next],
          ["K", actions.previous],
          ["shift+J", actions.chooseNext],
          ["shift+K", actions.choosePrevious],
          ["Escape", actions.chooseNone],
          ["M", actions.merge],
          ["F", actions.faces],
          ["S", actions.split],
          ["N", actions.asNew],
          ["I", actions.ignore],
          ["X", actions.discard],
          ["P", actions.notThem],
          ["Z", actions.undo],
          ["shift+?", actions.help],
        ]
      : [],
    WRITING,
  );
  useHotkeys(
    enabled
      ? [
          ["Enter", actions.assign],
          ["Space", actions.choose],
        ]
      : [],
    PRESSED,
  );
}

export function KeyHelp({ mayDecide, onClose }: { mayDecide: boolean; onClose: () => void }) {
  const t = useTexts();
  return (
    <Modal opened onClose={onClose} title={t("keyHelp")}>
      <Stack>
        <Table>
          <Table.Tbody>
            {HELP.filter(([, text]) => mayDecide || LOOKING.includes(text)).map(([key, text]) => (
              <Table.Tr key={key}>
                <Table.Td>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{t(text)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {mayDecide && <Text size="sm">{t("ignoredHint")}</Text>}
      </Stack>
    </Modal>
  );
}
