/** English texts of the inbox. */

export const inbox = {
  chooseFace: "Choose {name}",
  chooseGroup: "Choose this group of {count} faces",
  groupsChosen: "{count} groups with {faces} faces are chosen; what you do is about all of them.",
  keyChoose: "Choose the group, or the face",
  keyChooseNone: "Choose none",
  keyChooseOn: "Choose on the way",
  keyFaces: "To the faces; arrows go through them, with Shift they choose",
  keyMerge: "One person",
  keyNotThem: "Not this person",
  keySplit: "Split off",
  mergingGroups: "Making {count} groups one…",
  notThem: "{count} faces are not {name}.",
  orderLargest: "Largest",
  orderLikeliest: "Likeliest",
  wereSplit: "{count} faces are a group of their own.",
} as const satisfies Record<string, string>;
