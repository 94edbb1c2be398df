/** The face that stands for somebody who is known. */

import { useFirstFace } from "../../api/people";
import { FacePicture } from "../../parts/FacePicture";

interface Props {
  collection: string;
  subject: string;
  size: number;
}

export function FirstFace({ collection, subject, size }: Props) {
  const face = useFirstFace(collection, { id: subject, faces: 1 });
  return (
    <FacePicture
      collection={collection}
      face={face.data?.id}
      kept={face.data?.image_kept ?? true}
      loading={face.isLoading}
      size={size}
      alt=""
    />
  );
}
