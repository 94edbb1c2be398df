/** The kept picture of an enrolled face, or a sign that there is none. */

import { Center, Image, Skeleton } from "@mantine/core";
import { PersonIcon } from "@primer/octicons-react";
import { useState } from "react";

import { faceAddress } from "../api/pictures";

interface Props {
  collection: string;
  face: number | undefined;
  kept?: boolean;
  size: number | string;
  height?: number;
  alt: string;
  loading?: boolean;
}

export function FacePicture(props: Props) {
  const { collection, face, kept = true, size, height, alt, loading } = props;
  const h = height ?? size;
  const [missing, setMissing] = useState(false);
  if (loading) return <Skeleton h={h} w={size} radius={0} />;
  if (face === undefined || !kept || missing) {
    return (
      <Center w={size} h={h} bg="var(--mantine-color-default-hover)" c="dimmed" role="img" aria-label={alt}>
        <PersonIcon size={36} aria-hidden />
      </Center>
    );
  }
  return (
    <Image
      src={faceAddress(collection, face)}
      alt={alt}
      w={size}
      h={h}
      fit="cover"
      radius="sm"
      loading="lazy"
      onError={() => {
        setMissing(true);
      }}
    />
  );
}
