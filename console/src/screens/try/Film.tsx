/** A recording with the boxes of its people, and when each was seen. */

import { Box, Card, Group, Image, Slider, Stack, Text } from "@mantine/core";
import type { SequenceRecognition, Track, TrackFrame } from "facet-client";
import { useRef, useState } from "react";

import { FaceBoxes, type Boxed } from "../../parts/FaceBoxes";
import { useAddress } from "../../parts/useAddress";
import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { AnimationFrame, canShowFrames } from "./AnimationFrame";
import { numberOf } from "./Why";

/** Seconds around a frame that was looked at, in which its boxes are drawn. */
const NEAR = 0.25;

export function Film({ film, found }: { film: File; found: SequenceRecognition }) {
  const t = useTexts();
  const video = useRef<HTMLVideoElement>(null);
  const [seconds, setSeconds] = useState(firstTime(found.tracks));
  const length = found.seconds ?? 0;
  return (
    <Stack>
      <Picture film={film} found={found} seconds={seconds} video={video} onTime={setSeconds} />
      <Text role="status">{t("tracksFound", { count: found.tracks.length })}</Text>
      {found.tracks.map((track, index) => (
        <Card key={index} withBorder padding="xs">
          <Group justify="space-between">
            <Text fw={500}>{track.subject?.name ?? t("unknown")}</Text>
            <Text size="sm">
              {t("similarity")} {numberOf(track.similarity)}
            </Text>
          </Group>
          {length > 0 && (
            <Times
              track={track}
              length={length}
              seconds={seconds}
              onChoose={(at) => {
                setSeconds(at);
                if (video.current) video.current.currentTime = at;
              }}
            />
          )}
        </Card>
      ))}
    </Stack>
  );
}

interface PictureProps {
  film: File;
  found: SequenceRecognition;
  seconds: number;
  video: React.RefObject<HTMLVideoElement | null>;
  onTime: (seconds: number) => void;
}

function Picture({ film, found, seconds, video, onTime }: PictureProps) {
  const t = useTexts();
  const address = useAddress(film);
  const name = t("recording");
  const isVideo = film.type.startsWith("video/");
  // An animation that plays by itself does not say where it is: no box can be drawn over it.
  if (!isVideo && !canShowFrames()) return <Image src={address ?? null} alt={name} mah="60vh" w="auto" maw="100%" />;
  return (
    <FaceBoxes width={found.width} height={found.height} faces={boxesAt(found.tracks, seconds, t("unknown"))}>
      {isVideo ? (
        <Box
          component="video"
          ref={video}
          src={address}
          controls
          maw="100%"
          mah="60vh"
          aria-label={name}
          onLoadedMetadata={(event: React.SyntheticEvent<HTMLVideoElement>) => {
            event.currentTarget.currentTime = seconds;
          }}
          onTimeUpdate={(event: React.SyntheticEvent<HTMLVideoElement>) => {
            onTime(event.currentTarget.currentTime);
          }}
        />
      ) : (
        <AnimationFrame file={film} frame={frameAt(found.tracks, seconds)} name={name} />
      )}
    </FaceBoxes>
  );
}

interface TimesProps {
  track: Track;
  length: number;
  seconds: number;
  onChoose: (seconds: number) => void;
}

/** When somebody was seen, to go from one time to the next. */
function Times({ track, length, seconds, onChoose }: TimesProps) {
  const t = useTexts();
  const color = "var(--mantine-primary-color-light-color)";
  return (
    <Slider
      my="xs"
      min={0}
      max={length}
      step={0.001}
      marks={track.frames.map((one) => ({ value: timeOf(one) }))}
      restrictToMarks
      value={timeOf(nearest(track.frames, seconds))}
      onChange={onChoose}
      label={null}
      thumbLabel={t("whenSeen", { name: track.subject?.name ?? t("unknown") })}
      thumbValueText={(at) => t("atSecond", { seconds: decimalOf(at, 1) })}
      styles={{ bar: { display: "none" }, mark: { borderColor: color, background: color } }}
    />
  );
}

function timeOf(frame: TrackFrame | undefined): number {
  return frame?.seconds ?? 0;
}

function firstTime(tracks: Track[]): number {
  return tracks.length ? Math.min(...tracks.map((one) => timeOf(one.frames[0]))) : 0;
}

function nearest(frames: TrackFrame[], seconds: number): TrackFrame | undefined {
  const away = (one: TrackFrame) => Math.abs(timeOf(one) - seconds);
  return frames.reduce<TrackFrame | undefined>(
    (best, one) => (best && away(best) <= away(one) ? best : one),
    undefined,
  );
}

function frameAt(tracks: Track[], seconds: number): number {
  return nearest(tracks.flatMap((one) => one.frames), seconds)?.frame ?? 0;
}

function boxesAt(tracks: Track[], seconds: number, unknown: string): Boxed[] {
  return tracks.flatMap((track) => {
    const near = nearest(track.frames, seconds);
    if (!near || Math.abs(timeOf(near) - seconds) >= NEAR) return [];
    return [{ box: near.box, label: track.subject?.name ?? unknown, known: track.decision === "known" }];
  });
}
