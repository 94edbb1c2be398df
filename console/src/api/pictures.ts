/** Addresses of pictures, which come by the session's cookie. */

import { SERVER } from "./client";

export function faceAddress(collection: string, face: number): string {
  return below(collection, `faces/${String(face)}/image`);
}

export function sightingAddress(collection: string, sighting: number): string {
  return below(collection, `sightings/${String(sighting)}/image`);
}

export function styleAddress(style: string): string {
  return new URL(`v1/styles/${encodeURIComponent(style)}/image`, SERVER).href;
}

export function resultAddress(job: string): string {
  return new URL(`v1/jobs/${encodeURIComponent(job)}/result`, SERVER).href;
}

function below(collection: string, path: string): string {
  return new URL(`v1/collections/${encodeURIComponent(collection)}/${path}`, SERVER).href;
}
