/** Faces of a suggestion: those of a group that nobody has named, and those of somebody. */

import { SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { SeenSubject } from "facet-client";
import type { ReactNode } from "react";

import { facet } from "../../api/client";
import { sightingAddress } from "../../api/pictures";
import { FacePicture } from "../../parts/FacePicture";
import { KeptPicture } from "../../parts/KeptPicture";
import { useTexts } from "../../texts/language";
import { PersonLink } from "../people/PersonLink";

/** As many of each side as are compared at a glance. */
const MOST = 6;
const HEIGHT = 120;

export function GroupFaces({ collection, group }: { collection: string; group: string }) {
  const t = useTexts();
  const { data } = useQuery({
    queryKey: ["groups", collection, group, "first"],
    queryFn: () => facet.sightings.list(collection, { group, limit: MOST }),
  });
  return (
    <Side title={t("withoutName")}>
      {data?.items.map((one) => (
        <KeptPicture
          key={one.id}
          address={sightingAddress(collection, one.id)}
          size="100%"
          height={HEIGHT}
          alt={one.source || t("theFace")}
        />
      ))}
    </Side>
  );
}

interface PersonProps {
  collection: string;
  person: SeenSubject;
  /** The face that may not be theirs. */
  without?: number | null;
}

export function PersonFaces({ collection, person, without = null }: PersonProps) {
  const t = useTexts();
  const { data } = useQuery({
    queryKey: ["faces", collection, person.id, "first"],
    queryFn: () => facet.faces.list(collection, { subject: person.id, limit: MOST + 1 }).page(),
  });
  const faces = data?.items.filter((one) => one.id !== without).slice(0, MOST);
  return (
    <Side title={<PersonLink id={person.id} name={person.name} />}>
      {faces?.map((one) => (
        <FacePicture
          key={one.id}
          collection={collection}
          face={one.id}
          kept={one.image_kept}
          size="100%"
          height={HEIGHT}
          alt={t("oneFace", { id: String(one.id) })}
        />
      ))}
    </Side>
  );
}

export function OneFace({ collection, face }: { collection: string; face: number }) {
  const t = useTexts();
  return (
    <Side title={t("questionedFace")}>
      <FacePicture
        collection={collection}
        face={face}
        size="100%"
        height={HEIGHT}
        alt={t("oneFace", { id: String(face) })}
      />
    </Side>
  );
}

function Side({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="xs" style={{ minWidth: 0 }}>
      <Text fw={500} component="div">
        {title}
      </Text>
      <SimpleGrid cols={{ base: 2, lg: 3 }} spacing="xs">
        {children}
      </SimpleGrid>
    </Stack>
  );
}
