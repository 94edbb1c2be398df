/** A face of a finding: its picture, whose it is, and its erasure. */

import { Button, Stack } from "@mantine/core";
import type { SubjectName } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { usePeopleChanged } from "../../api/people";
import { useMay } from "../../api/session";
import { EraseDialog } from "../../parts/EraseDialog";
import { FacePicture } from "../../parts/FacePicture";
import { useTexts } from "../../texts/language";
import { PersonLink } from "../people/PersonLink";

interface Props {
  collection: string;
  face: number;
  subject: SubjectName;
}

export function FoundFace({ collection, face, subject }: Props) {
  const t = useTexts();
  return (
    <Stack gap={4} style={{ minWidth: 0, flex: 1 }}>
      <FacePicture
        collection={collection}
        face={face}
        size="100%"
        height={150}
        alt={t("oneFace", { id: String(face) })}
      />
      <PersonLink {...subject} />
    </Stack>
  );
}

/** Erases one face, after a dry run. */
export function EraseFace({ collection, face }: Omit<Props, "subject">) {
  const t = useTexts();
  const may = useMay();
  const changed = usePeopleChanged();
  const [erasing, setErasing] = useState(false);
  if (!may("erase")) return null;
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        aria-label={t("eraseFace", { id: String(face) })}
        onClick={() => {
          setErasing(true);
        }}
      >
        {t("erase")}
      </Button>
      {erasing && (
        <EraseDialog
          name={t("oneFace", { id: String(face) })}
          erase={(options) => facet.faces.erase(collection, face, options)}
          onErased={() => Promise.resolve()}
          onClose={(erased) => {
            setErasing(false);
            if (erased) void changed();
          }}
        />
      )}
    </>
  );
}
