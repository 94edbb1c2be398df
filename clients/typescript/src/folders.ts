/** Folders of pictures, one folder per person: for Node. */

import type { Dirent } from "node:fs";
import { openAsBlob } from "node:fs";
import { readdir } from "node:fs/promises";
import { extname, join } from "node:path";

import type { Client } from "./client.ts";
import { FacetError } from "./failures.ts";
import type { EnrolledImage } from "./generated/models.ts";
import type { FacesEnrollOptions } from "./generated/options.ts";
import type { Call } from "./requests.ts";

/** What became of one picture of a folder. */
export interface FolderProgress {
  path: string;
  /** The name of its folder. */
  subject: string;
  done: number;
  total: number;
  /** Missing where the picture could not be sent; then `error` says why. */
  result?: EnrolledImage;
  error?: string;
}

interface Person {
  name: string;
  pictures: string[];
}

type Outcome = Pick<FolderProgress, "result" | "error">;
type Options = Omit<FacesEnrollOptions, "images">;

const KINDS = new Set([".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif"]);
/** Pictures of a folder in one request. */
const AT_ONCE = 8;
/** What is wrong with all pictures alike. */
const OF_ALL = new Set([401, 403, 404, 429]);

/** Enrolls a folder with a folder of pictures for each person. */
export async function* enrollFolder<P>(
  facet: Client<P | Blob>,
  collection: string,
  folder: string,
  options: Options = {},
  call: Call = {},
): AsyncGenerator<FolderProgress, void, undefined> {
  const found = await people(folder);
  const total = found.reduce((sum, person) => sum + person.pictures.length, 0);
  let done = 0;
  for (const { name, pictures } of found) {
    const known = await subjectOf(facet, collection, name, call);
    const { id } = known ?? (await facet.subjects.create(collection, { name }, call));
    for (let start = 0; start < pictures.length; start += AT_ONCE) {
      const paths = pictures.slice(start, start + AT_ONCE);
      const outcomes = await enroll(facet, collection, id, paths, options, call);
      for (const [index, path] of paths.entries()) {
        done += 1;
        yield { path, subject: name, done, total, ...outcomes[index] };
      }
    }
    if (!known && (await facet.subjects.get(collection, id, call)).faces === 0) {
      await facet.subjects.erase(collection, id, {}, call);
    }
  }
}

/** The people of a folder, those without pictures left out. Throws for pictures in nobody's. */
async function people(folder: string): Promise<Person[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort(byName);
  const loose = entries.find(isPicture);
  if (loose) throw new RangeError(`${loose.name} lies in no folder named after a person`);
  const found: Person[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name.startsWith(".")) continue;
    const inside = await readdir(join(folder, entry.name), { withFileTypes: true, recursive: true });
    const pictures = inside.filter(isPicture).map((one) => join(one.parentPath, one.name)).sort();
    if (pictures.length > 0) found.push({ name: entry.name, pictures });
  }
  return found;
}

async function subjectOf<P>(facet: Client<P>, collection: string, name: string, call: Call) {
  for await (const one of facet.subjects.list(collection, { name }, call)) {
    if (one.name === name) return one;
  }
  return undefined;
}

/** An outcome for each picture; when all were refused, out of the refusal. */
async function enroll<P>(
  facet: Client<P | Blob>,
  collection: string,
  subject: string,
  paths: string[],
  options: Options,
  call: Call,
): Promise<Outcome[]> {
  const images = await Promise.all(paths.map((path) => openAsBlob(path)));
  try {
    const answer = await facet.faces.enroll(collection, subject, { ...options, images }, call);
    return answer.results.map((result) => ({ result }));
  } catch (error) {
    if (!(error instanceof FacetError)) throw error;
    const results = error.problem["results"];
    if (Array.isArray(results) && results.length === paths.length) {
      return (results as EnrolledImage[]).map((result) => ({ result }));
    }
    if (error.status >= 500 || OF_ALL.has(error.status)) throw error;
    if (paths.length === 1) return [{ error: error.message }];
    const each: Outcome[] = [];
    for (const path of paths) {
      each.push(...(await enroll(facet, collection, subject, [path], options, call)));
    }
    return each;
  }
}

function isPicture(entry: Dirent): boolean {
  const kind = extname(entry.name).toLowerCase();
  return entry.isFile() && KINDS.has(kind) && !entry.name.startsWith(".");
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}
