/** Answers to suggestions: each waits for some seconds, until then with a way back. */

import type { Suggestion } from "facet-client";

import { facet } from "../../api/client";
import { useMay } from "../../api/session";
import type { Waiting } from "../../parts/waiting";
import { useTexts, type Key } from "../../texts/language";

const KINDS: Record<Suggestion["kind"], Key> = {
  "group-is-subject": "kindGroupIsSubject",
  "subjects-are-one": "kindSubjectsAreOne",
  "face-not-subject": "kindFaceNotSubject",
  "group-often-seen": "kindGroupOftenSeen",
};

/** Whether accepting it makes somebody new, who can be given a name. */
export function makesSomebody(one: Suggestion): boolean {
  return one.kind === "group-often-seen" || (one.kind === "face-not-subject" && one.other === null);
}

/** The suggestion in one sentence. */
export function useSentence(): (one: Suggestion) => string {
  const t = useTexts();
  return (one) =>
    t(one.kind === "face-not-subject" && one.other ? "kindFaceOfOther" : KINDS[one.kind], {
      name: one.subject?.name ?? "",
      other: one.other?.name ?? "",
      count: one.size ?? 1,
    });
}

export function useAnswers(collection: string, add: (answer: Waiting) => void) {
  const t = useTexts();
  const may = useMay();
  const sentence = useSentence();
  const mayRefuse = may("enroll") && may("browse");
  const mayAccept = mayRefuse && may("erase");
  const answer = (one: Suggestion, text: Key, run: () => Promise<unknown>) => {
    add({ about: [one.id], text: t(text, { what: sentence(one) }), run });
  };
  return {
    accept: mayAccept
      ? (one: Suggestion, name: string) => {
          const named = name && makesSomebody(one) ? { new_subject: name } : {};
          answer(one, "accepting", () => facet.review.accept(collection, one.id, named));
        }
      : undefined,
    refuse: mayRefuse
      ? (one: Suggestion) => {
          answer(one, "refusing", () => facet.review.refuse(collection, one.id));
        }
      : undefined,
  };
}
