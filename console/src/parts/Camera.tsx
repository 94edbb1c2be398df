/** The camera, with boxes over the faces that the server finds and advice on what is wrong. */

import { Alert, Box, Button, Group, Loader, Stack, Text } from "@mantine/core";
import { DeviceCameraIcon } from "@primer/octicons-react";
import type { Box as FaceBox } from "facet-client";
import { useEffect, useRef, useState } from "react";

import { toldOf } from "../api/failures";
import { useTexts } from "../texts/language";
import { FaceBoxes, type Boxed } from "./FaceBoxes";
import { frameOf } from "./pixels";

const PAUSE = 400;

export interface Seen {
  faces: Boxed[];
  advice: string;
}

interface Props {
  /** Looks at a picture; called again and again, one at a time. */
  look: (picture: Blob) => Promise<Seen>;
  /** Takes a picture; without it there is no button for one. */
  onPicture?: (picture: Blob) => void;
}

export function Camera({ look, onPicture }: Props) {
  const t = useTexts();
  const video = useRef<HTMLVideoElement>(null);
  const { stream, failure } = useStream();
  const { seen, size } = useLooks(video, stream, look);
  useEffect(() => {
    if (video.current && stream) video.current.srcObject = stream;
  }, [stream]);
  if (failure !== undefined) {
    return (
      <Alert color="red" title={t("noCamera")} role="alert">
        {toldOf(failure).title} {t("noCameraHint")}
      </Alert>
    );
  }
  if (!stream) return <Loader role="progressbar" aria-label={t("loading")} />;
  const faces: { box: FaceBox; label: string; known: boolean }[] = seen?.faces ?? [];
  return (
    <Stack>
      <FaceBoxes width={size?.width ?? 640} height={size?.height ?? 480} faces={faces}>
        <Box
          component="video"
          ref={video}
          autoPlay
          muted
          playsInline
          maw="100%"
          mah="60vh"
          aria-label={t("camera")}
        />
      </FaceBoxes>
      <Text role="status" aria-live="polite">
        {seen?.advice ?? t("looking")}
      </Text>
      {onPicture && (
        <Group>
          <Button
            leftSection={<DeviceCameraIcon size={16} aria-hidden />}
            onClick={() => {
              if (video.current) void frameOf(video.current).then(onPicture);
            }}
            disabled={!faces.length}
          >
            {t("takePicture")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function useStream() {
  const [stream, setStream] = useState<MediaStream>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    let opened: MediaStream | undefined;
    let gone = false;
    const open = async () => {
      try {
        opened = await navigator.mediaDevices.getUserMedia({
          video: { width: { ideal: 1280 }, height: { ideal: 720 } },
        });
        if (gone) stop(opened);
        else setStream(opened);
      } catch (error) {
        setFailure(error ?? new Error());
      }
    };
    void open();
    return () => {
      gone = true;
      if (opened) stop(opened);
    };
  }, []);
  return { stream, failure };
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

interface Size {
  width: number;
  height: number;
}

function useLooks(
  video: React.RefObject<HTMLVideoElement | null>,
  stream: MediaStream | undefined,
  look: Props["look"],
) {
  const [seen, setSeen] = useState<Seen>();
  const [size, setSize] = useState<Size>();
  const latest = useRef(look);
  useEffect(() => {
    latest.current = look;
  }, [look]);
  useEffect(() => {
    if (!stream) return;
    let gone = false;
    const once = async () => {
      const place = video.current;
      if (place?.videoWidth) {
        try {
          const found = await latest.current(await frameOf(place));
          if (gone) return;
          setSize({ width: place.videoWidth, height: place.videoHeight });
          setSeen(found);
        } catch (error) {
          if (!gone) setSeen({ faces: [], advice: toldOf(error).title });
        }
      }
      if (!gone) setTimeout(() => void once(), PAUSE);
    };
    void once();
    return () => {
      gone = true;
    };
  }, [stream, video]);
  return { seen, size };
}
