/** Everybody of a recording against a collection. */

import { Alert, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Collection } from "facet-client";
import { useCallback, useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { PictureDrop } from "../../parts/PictureDrop";
import { useTexts } from "../../texts/language";
import { Film } from "./Film";

export function InRecording({ collection }: { collection: Collection }) {
  const t = useTexts();
  const [film, setFilm] = useState<File>();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (video: File) => facet.sequences.recognize(collection.name, { video }),
  });
  const onPictures = useCallback(
    ([file]: File[]) => {
      if (!file) return;
      setFilm(file);
      mutate(file);
    },
    [mutate],
  );
  return (
    <Stack>
      <PictureDrop onPictures={onPictures} recordings label={t("dropRecording")} loading={isPending} />
      {error && (
        <Alert color="red" role="alert" title={toldOf(error).title}>
          {toldOf(error).message}
        </Alert>
      )}
      {data && film && <Film key={film.name + String(film.lastModified)} film={film} found={data} />}
    </Stack>
  );
}
