/** A picture that the server keeps, or a sign that there is none. */

import { Center, Image, Skeleton } from "@mantine/core";
import { PersonIcon } from "@primer/octicons-react";
import { useState } from "react";

export interface KeptPictureProps {
  address: string | undefined;
  size: number | string;
  height?: number | undefined;
  alt: string;
  loading?: boolean | undefined;
}

export function KeptPicture({ address, size, height, alt, loading = false }: KeptPictureProps) {
  const h = height ?? size;
  const [missing, setMissing] = useState(false);
  if (loading) return <Skeleton h={h} w={size} radius={0} />;
  if (address === undefined || missing) {
    return (
      <Center w={size} h={h} bg="var(--mantine-color-default-hover)" c="dimmed" role="img" aria-label={alt}>
        <PersonIcon size={36} aria-hidden />
      </Center>
    );
  }
  return (
    <Image
      src={address}
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
