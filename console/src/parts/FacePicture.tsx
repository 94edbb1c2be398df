/** The kept picture of an enrolled face, or a sign that there is none. */

import { faceAddress } from "../api/pictures";
import { KeptPicture, type KeptPictureProps } from "./KeptPicture";

interface Props extends Omit<KeptPictureProps, "address"> {
  collection: string;
  face: number | undefined;
  kept?: boolean;
}

export function FacePicture({ collection, face, kept = true, ...shown }: Props) {
  const address = face === undefined || !kept ? undefined : faceAddress(collection, face);
  return <KeptPicture key={address} address={address} {...shown} />;
}
