/** A place for pictures: dropped, chosen or pasted. */

import { Group, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { ImageIcon } from "@primer/octicons-react";
import { useEffect } from "react";

import { showFailure } from "../api/failures";
import { useTexts } from "../texts/language";

const PICTURES = ["image/*"];
const RECORDINGS = ["image/*", "video/*"];
const LARGEST = 50 * 2 ** 20;

interface Props {
  onPictures: (files: File[]) => void;
  several?: boolean;
  recordings?: boolean;
  /** Whether pictures that are pasted come here. */
  paste?: boolean;
  label?: string;
  loading?: boolean;
}

export function PictureDrop(props: Props) {
  const { onPictures, several = false, recordings = false, paste = true, label, loading = false } = props;
  const t = useTexts();
  useEffect(() => {
    if (!paste) return;
    const take = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])].filter((one) =>
        one.type.startsWith("image/"),
      );
      if (files.length) onPictures(several ? files : files.slice(0, 1));
    };
    window.addEventListener("paste", take);
    return () => {
      window.removeEventListener("paste", take);
    };
  }, [onPictures, several, paste]);
  return (
    <Dropzone
      onDrop={onPictures}
      onReject={(refused) => {
        const first = refused[0];
        showFailure(new Error(`${first?.file.name ?? ""}: ${first?.errors[0]?.message ?? ""}`));
      }}
      accept={recordings ? RECORDINGS : PICTURES}
      maxSize={LARGEST}
      multiple={several}
      loading={loading}
      inputProps={{ "aria-label": label ?? t("dropPictures") }}
    >
      <Group justify="center" gap="md" mih={90} style={{ pointerEvents: "none" }}>
        <ImageIcon size={36} aria-hidden />
        <Stack gap={0}>
          <Text>{label ?? t("dropPictures")}</Text>
          <Text size="sm" c="dimmed">
            {t("dropOrPaste")}
          </Text>
        </Stack>
      </Group>
    </Dropzone>
  );
}
