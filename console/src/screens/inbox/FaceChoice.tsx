/** Faces of a group, some of which can be chosen: arrows go through them, Space chooses. */

import { Checkbox, Group, Image, SimpleGrid } from "@mantine/core";
import type { UnnamedFace } from "facet-client";
import type { KeyboardEvent, RefObject } from "react";

import { sightingAddress } from "../../api/pictures";
import { useTexts } from "../../texts/language";

interface Props {
  collection: string;
  faces: UnnamedFace[];
  chosen: number[];
  /** Absent where faces are only looked at. */
  onChoose: ((faces: number[]) => void) | undefined;
  place: RefObject<HTMLDivElement | null>;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1 };

export function FaceChoice({ collection, faces, chosen, onChoose, place }: Props) {
  const t = useTexts();
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = STEPS[event.key];
    const cards = [...(place.current?.querySelectorAll<HTMLElement>("[role=checkbox]") ?? [])];
    const at = cards.findIndex((one) => one === document.activeElement);
    const next = at + (step ?? 0);
    if (step === undefined || at < 0 || !cards[next]) return;
    event.preventDefault();
    cards[next].focus();
    if (event.shiftKey) {
      const passed = [faces[at], faces[next]].flatMap((one) => one?.id ?? []);
      onChoose?.([...new Set([...chosen, ...passed])]);
    }
  };
  return (
    <SimpleGrid cols={{ base: 3, sm: 4, lg: 6 }} ref={place} onKeyDown={move}>
      {faces.map((face) => {
        const picture = (
          <Image
            src={sightingAddress(collection, face.id)}
            alt={face.source}
            title={face.source}
            radius="sm"
            h={110}
            fit="cover"
            loading="lazy"
          />
        );
        if (!onChoose) return <div key={face.id}>{picture}</div>;
        return (
          <Checkbox.Card
            key={face.id}
            radius="md"
            p={4}
            aria-label={t("chooseFace", { name: face.source || String(face.id) })}
            checked={chosen.includes(face.id)}
            onChange={(wanted) => {
              onChoose(wanted ? [...chosen, face.id] : chosen.filter((one) => one !== face.id));
            }}
          >
            {picture}
            <Group justify="center" pt={4}>
              <Checkbox.Indicator size="xs" />
            </Group>
          </Checkbox.Card>
        );
      })}
    </SimpleGrid>
  );
}
