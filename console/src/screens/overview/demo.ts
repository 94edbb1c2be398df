/** A collection to look at what there is: two portraits in the public domain. */

import { FacetError, type Collection } from "facet-client";

import { facet } from "../../api/client";
import collins from "./portraits/eileen-collins.jpg";
import hopper from "./portraits/grace-hopper.jpg";

export const DEMO = "demo";
const MARK = { demo_portraits: true };
const PEOPLE = [
  { name: "Grace Hopper", picture: hopper, credit: "James S. Davis, United States Navy" },
  { name: "Eileen Collins", picture: collins, credit: "NASA" },
];

/** Faces of the demo once all of it is loaded. */
export const PORTRAITS = PEOPLE.length;

/** Whether it was made by `loadDemo`. */
export function isDemo({ metadata }: Collection): boolean {
  return metadata["demo_portraits"] === true;
}

/**
 * Make the collection, and enroll who is missing in it: done again, it adds nothing. Whoever has
 * a collection of the name for something else is told so, and it stays as it is.
 */
export async function loadDemo(): Promise<void> {
  await made();
  for (const { name, picture, credit } of PEOPLE) {
    const [there] = await facet.subjects.list(DEMO, { name }).all();
    const who =
      there ?? (await facet.subjects.create(DEMO, { name, metadata: { photograph: credit } }));
    if (who.faces > 0) continue;
    const response = await fetch(new URL(picture, document.baseURI));
    await facet.faces.enroll(DEMO, who.id, { images: [await response.blob()] });
  }
}

async function made(): Promise<void> {
  try {
    await facet.collections.create({ name: DEMO, metadata: MARK });
  } catch (error) {
    if (!(error instanceof FacetError && error.code === "duplicate-collection")) throw error;
    if (!isDemo(await facet.collections.get(DEMO))) throw error;
  }
}
