/** Moving faces, merging people and choosing who stands for them, each with the way back. */

import { useMutation } from "@tanstack/react-query";

import type { Subject } from "facet-client";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { offerUndo } from "../../parts/Undo";
import { useTexts } from "../../texts/language";

interface Move {
  faces: number[];
  subject?: string;
  newSubject?: string;
}

export function useCorrections(collection: string) {
  const t = useTexts();
  const changed = usePeopleChanged();
  const undo = useMutation({
    mutationFn: (operation: string) => facet.operations.undo(collection, operation),
    onError: showFailure,
    onSuccess: changed,
  });
  const offer = (message: string, operation: string | null) => {
    if (!operation) return;
    offerUndo({ message, undo: t("undo"), onUndo: () => undo.mutateAsync(operation) });
  };
  const move = useMutation({
    mutationFn: ({ faces, subject, newSubject }: Move) =>
      facet.operations.moveFaces(collection, {
        face_ids: faces,
        subject_id: subject ?? null,
        new_subject: newSubject ?? null,
      }),
    onError: showFailure,
    onSuccess: async (moved) => {
      await changed();
      offer(t("moved", { count: moved.moved, name: moved.subject.name }), moved.operation_id);
    },
  });
  const merge = useMutation({
    mutationFn: ({ into, absorbed }: { into: string; absorbed: string }) =>
      facet.subjects.merge(collection, into, { subject_id: absorbed }),
    onError: showFailure,
    onSuccess: async (merged) => {
      await changed();
      offer(t("merged", { name: merged.name }), merged.operation_id);
    },
  });
  const stand = useMutation({
    mutationFn: ({ subject, face }: { subject: Subject; face: number | null }) =>
      facet.representative.choose(collection, subject.id, { face_id: face }),
    onError: showFailure,
    onSuccess: async (chosen, { subject }) => {
      await changed();
      offer(t("chosenFace", { name: subject.name }), chosen.operation_id);
    },
  });
  return { move, merge, stand, undo };
}
