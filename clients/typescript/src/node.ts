/** The client for Node, which takes paths of pictures as well, and folders of them. */

import { openAsBlob } from "node:fs";
import { fileURLToPath } from "node:url";

import { Client as AnyClient } from "./client.ts";
import { enrollFolder, type FolderProgress } from "./folders.ts";
import type { FacesEnrollOptions } from "./generated/options.ts";
import type { Call, Picture } from "./requests.ts";
import type { Settings } from "./transport.ts";

export * from "./index.ts";
export type { FolderProgress } from "./folders.ts";

/** The bytes of a picture or recording, or the path of its file. */
export type PictureOrPath = Picture | string | URL;

/** Talks to a server. */
export class Client extends AnyClient<PictureOrPath> {
  /** `url` is the server's, without /v1. */
  constructor(url: string | URL, settings: Settings = {}) {
    super(url, settings, open);
  }

  /**
   * Enroll a folder with a folder of pictures for each person; what became of each picture.
   *
   * Somebody of the folder's name is enrolled into, or made. What is enrolled already is answered
   * so and not stored twice: after an interruption, simply do it again. A subject that was made
   * for pictures of which none could be used is removed. Throws RangeError for pictures that lie
   * in nobody's folder.
   */
  enrollFolder(
    collection: string,
    folder: string,
    options: Omit<FacesEnrollOptions, "images"> = {},
    call: Call = {},
  ): AsyncGenerator<FolderProgress, void, undefined> {
    return enrollFolder(this, collection, folder, options, call);
  }
}

async function open(value: unknown): Promise<Blob> {
  const path = value instanceof URL ? fileURLToPath(value) : value;
  if (typeof path !== "string") throw new TypeError("A picture is a Blob, bytes or a path.");
  return await openAsBlob(path);
}
