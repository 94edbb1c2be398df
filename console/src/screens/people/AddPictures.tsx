/** Pictures of one person, from files or the camera; who is meant is asked where several are seen. */

import { Image, Modal, Tabs, Text } from "@mantine/core";
import { DeviceCameraIcon, ImageIcon } from "@primer/octicons-react";
import type { DetectedFace, Detection } from "facet-client";
import { useCallback, useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useMay } from "../../api/session";
import { adviceOn } from "../../parts/advice";
import { Camera, type Seen } from "../../parts/Camera";
import { FaceBoxes } from "../../parts/FaceBoxes";
import { cropped } from "../../parts/pixels";
import { PictureDrop } from "../../parts/PictureDrop";
import { useAddress } from "../../parts/useAddress";
import { useTexts } from "../../texts/language";
import { percentOf } from "../../texts/numbers";

interface Crowd {
  picture: Blob;
  found: Detection;
}

interface Props {
  onPictures: (pictures: Blob[]) => void;
  loading?: boolean;
}

export function AddPictures({ onPictures, loading = false }: Props) {
  const t = useTexts();
  const may = useMay();
  const canLook = may("detect");
  const [crowd, setCrowd] = useState<Crowd>();
  const [looking, setLooking] = useState(false);
  const add = useCallback(
    async (files: Blob[]) => {
      const only = files[0];
      if (!canLook || files.length !== 1 || !only) {
        onPictures(files);
        return;
      }
      setLooking(true);
      try {
        const found = await facet.detect({ image: only });
        if (found.faces.length > 1 && !found.rotation) setCrowd({ picture: only, found });
        else onPictures(files);
      } catch (error) {
        showFailure(error);
      } finally {
        setLooking(false);
      }
    },
    [canLook, onPictures],
  );
  const look = useCallback(
    async (picture: Blob): Promise<Seen> => {
      const { faces } = await facet.detect({ image: picture });
      const boxed = faces.map((face: DetectedFace) => ({
        box: face.box,
        label: percentOf(face.quality.score),
        known: face.quality.reasons.length === 0,
      }));
      return { faces: boxed, advice: t(adviceOn(faces)) };
    },
    [t],
  );
  const onFiles = useCallback((files: File[]) => void add(files), [add]);
  return (
    <>
      <Tabs defaultValue="files" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="files" leftSection={<ImageIcon size={16} aria-hidden />}>
            {t("pictures")}
          </Tabs.Tab>
          {canLook && (
            <Tabs.Tab value="camera" leftSection={<DeviceCameraIcon size={16} aria-hidden />}>
              {t("camera")}
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="files">
          <PictureDrop onPictures={onFiles} several loading={loading || looking} />
        </Tabs.Panel>
        <Tabs.Panel value="camera">
          <Camera look={look} onPicture={(picture) => void add([picture])} />
        </Tabs.Panel>
      </Tabs>
      {crowd && (
        <WhoIsMeant
          crowd={crowd}
          onClose={() => {
            setCrowd(undefined);
          }}
          onChosen={(face) => {
            setCrowd(undefined);
            void cropped(crowd.picture, face.box).then((one) => {
              onPictures([one]);
            });
          }}
        />
      )}
    </>
  );
}

interface WhoProps {
  crowd: Crowd;
  onClose: () => void;
  onChosen: (face: DetectedFace) => void;
}

function WhoIsMeant({ crowd, onClose, onChosen }: WhoProps) {
  const t = useTexts();
  const address = useAddress(crowd.picture);
  const { found } = crowd;
  return (
    <Modal opened onClose={onClose} title={t("whoIsMeant")} size="xl">
      <Text mb="sm">{t("whoIsMeantHint")}</Text>
      <FaceBoxes
        width={found.width}
        height={found.height}
        faces={found.faces.map((face, index) => ({
          box: face.box,
          label: String(index + 1),
          known: true,
        }))}
        onChoose={(index) => {
          const face = found.faces[index];
          if (face) onChosen(face);
        }}
      >
        <Image src={address ?? null} alt={t("picture")} mah="60vh" w="auto" maw="100%" />
      </FaceBoxes>
    </Modal>
  );
}
