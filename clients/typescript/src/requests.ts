/** Requests, whoever carries them. */

/** The bytes of a picture or recording. */
export type Picture = Blob | ArrayBuffer | ArrayBufferView;

/** What every call takes besides its options. */
export interface Call {
  /** Ends the call. */
  signal?: AbortSignal;
  /** Of an enrolment: repeated with the same key, it stores nothing twice. One is made unless given. */
  idempotencyKey?: string;
  /** Of events: the last one that is known already. */
  lastEventId?: string;
}

/** A request that can be sent again and again. */
export interface Request {
  method: string;
  path: string;
  query?: object;
  json?: object;
  /** Fields and files of a form; lists are a field for each of their values. */
  form?: object;
  /** Fields of the form that are files. */
  files?: string[];
  /** Whether it may be sent again when nobody knows what became of it. */
  repeatable: boolean;
  /** Whether it has an Idempotency-Key. */
  keyed?: boolean;
}

/** Makes a Blob of a picture that is none, such as a path. */
export type Opener = (value: unknown) => Promise<Blob>;

/** The path, with every part quoted. */
export function address(texts: TemplateStringsArray, ...parts: (string | number)[]): string {
  const quoted = parts.map((part) => encodeURIComponent(String(part)).replace(/^\.{1,2}$/, quoteDots));
  return texts.reduce((path, text, index) => path + text + (quoted[index] ?? ""), "");
}

/** The query of these fields; empty without any. */
export function queryOf(fields: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of given(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, textOf(one));
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** The form of these fields. */
export async function formOf(fields: object, files: string[], open: Opener): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of given(fields)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (files.includes(name)) form.append(name, blobOf(one) ?? (await open(one)), name);
      else form.append(name, textOf(one));
    }
  }
  return form;
}

/** A key of an enrolment that nobody else has. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function given(fields: object): [string, unknown][] {
  return Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
}

function blobOf(value: unknown): Blob | undefined {
  if (value instanceof Blob) return value;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new Blob([value as BlobPart]);
  return undefined;
}

/** As forms and queries have it: objects as JSON. */
function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function quoteDots(dots: string): string {
  return dots.replaceAll(".", "%2E");
}
