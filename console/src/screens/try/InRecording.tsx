/** Everybody of a recording: a time for each, and their boxes over the film. */

import { Alert, Box, Card, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { Collection, SequenceRecognition, Track } from "facet-client";
import { useCallback, useRef, useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { FaceBoxes, type Boxed } from "../../parts/FaceBoxes";
import { PictureDrop } from "../../parts/PictureDrop";
import { useAddress } from "../../parts/useAddress";
import { useTexts } from "../../texts/language";
import { numberOf } from "./Why";

/** Seconds around a frame that was looked at, in which its boxes are drawn. */
const NEAR = 0.25;

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
      {data && film && <Film film={film} found={data} />}
    </Stack>
  );
}

function Film({ film, found }: { film: File; found: SequenceRecognition }) {
  const t = useTexts();
  const address = useAddress(film);
  const video = useRef<HTMLVideoElement>(null);
  const [seconds, setSeconds] = useState(0);
  const length = found.seconds ?? 0;
  return (
    <Stack>
      {film.type.startsWith("video/") && (
        <FaceBoxes width={found.width} height={found.height} faces={boxesAt(found.tracks, seconds, t("unknown"))}>
          <Box
            component="video"
            ref={video}
            src={address}
            controls
            maw="100%"
            mah="60vh"
            aria-label={t("recording")}
            onTimeUpdate={(event: React.SyntheticEvent<HTMLVideoElement>) => {
              setSeconds(event.currentTarget.currentTime);
            }}
          />
        </FaceBoxes>
      )}
      <Text role="status">{t("tracksFound", { count: found.tracks.length })}</Text>
      {found.tracks.map((track, index) => (
        <Card key={index} withBorder padding="xs">
          <Group justify="space-between">
            <Text fw={500}>{track.subject?.name ?? t("unknown")}</Text>
            <Text size="sm">
              {t("similarity")} {numberOf(track.similarity)}
            </Text>
          </Group>
          <Times
            track={track}
            length={length}
            onChoose={(at) => {
              if (video.current) video.current.currentTime = at;
            }}
          />
        </Card>
      ))}
    </Stack>
  );
}

interface TimesProps {
  track: Track;
  length: number;
  onChoose: (seconds: number) => void;
}

/** When somebody was seen. */
function Times({ track, length, onChoose }: TimesProps) {
  const t = useTexts();
  if (!length) return null;
  return (
    <svg viewBox="0 0 1000 24" width="100%" height={24} preserveAspectRatio="none">
      <rect width={1000} height={4} y={10} fill="var(--mantine-color-default-border)" />
      {track.frames.map(({ frame, seconds }) => (
        <rect
          key={frame}
          x={((seconds ?? 0) / length) * 994}
          y={2}
          width={6}
          height={20}
          fill="var(--mantine-primary-color-filled)"
          role="button"
          aria-label={t("atSecond", { seconds: (seconds ?? 0).toFixed(1) })}
          style={{ cursor: "pointer" }}
          onClick={() => {
            onChoose(seconds ?? 0);
          }}
        />
      ))}
    </svg>
  );
}

function boxesAt(tracks: Track[], seconds: number, unknown: string): Boxed[] {
  return tracks.flatMap((track) => {
    const near = track.frames.find((one) => Math.abs((one.seconds ?? 0) - seconds) < NEAR);
    const label = track.subject?.name ?? unknown;
    return near ? [{ box: near.box, label, known: track.decision === "known" }] : [];
  });
}
