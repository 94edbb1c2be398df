/** English texts of the review and of the face that stands for somebody. */

export const review = {
  accept: "Accept",
  accepting: "Accepting: {what}",
  bestAgain: "Let the best face stand again",
  chosenFace: "The face of {name} is chosen.",
  findNow: "Look for them now",
  kindFaceNotSubject: "One of the faces is not {name}.",
  kindFaceOfOther: "One of the faces of {name} is {other}.",
  kindGroupIsSubject: "{count} faces without a name are {name}.",
  kindGroupOftenSeen: "Somebody without a name was seen {count} times.",
  kindSubjectsAreOne: "{name} and {other} are one person.",
  likely: "{share} % likely",
  nameLater: "It can be left out and given later.",
  questionedFace: "The face in question",
  refuse: "Refuse",
  refusing: "Refusing: {what}",
  review: "Review",
  reviewDone: "Everything is answered.",
  reviewEmpty:
    "Nothing is suggested. The server looks for suggestions within an hour of a change, and when it is told to.",
  reviewKeys: "go through the suggestions. What is refused is not suggested again.",
  standsForThem: "stands for them",
  standForThem: "Let face {id} stand for them",
  suggestions: "Suggestions",
  withoutName: "Without a name",
} as const satisfies Record<string, string>;
