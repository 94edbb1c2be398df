/** English texts about finding people, the demo, and a server out of reach. */

export const finding = {
  areNotRestricted: "Not restricted",
  areRestricted: "Restricted",
  consentEnded: "It has ended",
  consentNone: "None is recorded",
  consentValid: "It holds",
  demoMeans:
    "Or look at the demo first: two portraits in the public domain, in a collection of their own that is removed again by one button.",
  enrolledSince: "Added since",
  facesHeld: "Faces",
  fewFaces: "At most 2 faces",
  filter: "Filter",
  filterByIt: "Filter by it",
  loadDemo: "Load the demo portraits",
  metadataHint: 'Numbers, true, false and null are taken as such; write "3" for a text of digits.',
  metadataKey: "Metadata",
  noAnswer: "The server does not answer.",
  nobodyMeetsAll: "Nobody meets all of these conditions.",
  orderMostFaces: "Most faces",
  peopleBeingSorted: "Being put in order: {count} people so far",
  peopleFound: "People: {count}",
  peopleSoFar: "People: {count} so far, more as you go on",
  removeDemo: "Remove the demo",
  restriction: "Restriction",
  sinceDay: "Added since {day}",
  unreached:
    "No connection to the server. What is shown may be old; it is asked again every few seconds.",
  without: "No longer: {text}",
  withoutFaces: "Without faces",
};
