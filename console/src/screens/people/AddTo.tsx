/** Adding pictures to somebody who is known. */

import { useMutation } from "@tanstack/react-query";
import { useCallback } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { useTexts } from "../../texts/language";
import { AddPictures } from "./AddPictures";
import { tellEnrolment } from "./enrolments";

interface Props {
  collection: string;
  subject: string;
}

export function AddTo({ collection, subject }: Props) {
  const t = useTexts();
  const changed = usePeopleChanged();
  const { mutate, isPending } = useMutation({
    mutationFn: (images: Blob[]) => facet.faces.enroll(collection, subject, { images }),
    onError: showFailure,
    onSuccess: async (enrolment) => {
      tellEnrolment(enrolment, t);
      await changed();
    },
  });
  const add = useCallback(
    (images: Blob[]) => {
      mutate(images);
    },
    [mutate],
  );
  return <AddPictures onPictures={add} loading={isPending} />;
}
