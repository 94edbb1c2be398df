/** The face that stands for somebody who is known. */

import { usePerson } from "../../api/people";
import { FacePicture } from "../../parts/FacePicture";

interface Props {
  collection: string;
  subject: string;
  size: number;
}

export function FirstFace({ collection, subject, size }: Props) {
  const { data: person, isLoading } = usePerson(collection, subject);
  return (
    <FacePicture
      collection={collection}
      face={person?.face_id ?? undefined}
      kept={person?.image_kept ?? false}
      loading={isLoading}
      size={size}
      alt=""
    />
  );
}
