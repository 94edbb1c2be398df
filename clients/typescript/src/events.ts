/** Server-sent events, put together of lines. */

/** One event as the server sent it. */
export interface ServerEvent {
  /** What it tells; `message` where the server says nothing. */
  name: string;
  /** JSON as a value. */
  data: unknown;
  /** Of the last whole event: a stream goes on behind it. */
  id: string;
}

/** The events of a stream of bytes. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerEvent, void, undefined> {
  const reader = new EventReader();
  for await (const line of lines(body)) {
    const event = reader.read(line);
    if (event) yield event;
  }
}

class EventReader {
  #id = "";
  #fields = new Map<string, string[]>();

  /** The event that a line ends, if it ends one. */
  read(line: string): ServerEvent | undefined {
    if (line) {
      const place = line.indexOf(":");
      const name = place < 0 ? line : line.slice(0, place);
      const value = place < 0 ? "" : line.slice(place + 1).replace(/^ /, "");
      this.#fields.set(name, [...(this.#fields.get(name) ?? []), value]);
      return undefined;
    }
    const fields = this.#fields;
    this.#fields = new Map();
    this.#id = fields.get("id")?.at(-1) ?? this.#id;
    const data = fields.get("data");
    if (data === undefined) return undefined;
    const name = fields.get("event")?.at(-1) ?? "message";
    return { name, data: JSON.parse(data.join("\n")), id: this.#id };
  }
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += decoder.decode(value, { stream: !done });
      // A carriage return at the end may be half of a line's end.
      const found = rest.split(/\r\n|\n|\r(?!$)/);
      rest = found.pop() ?? "";
      yield* found;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
