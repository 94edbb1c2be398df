/** Lists, whose pages are fetched as one goes. */

/** One page. */
export interface Page<T> {
  items: T[];
  /** Where the next page begins; none after the last. */
  next_cursor?: string | null;
}

/** A list: `for await (const one of list)`, or page by page. */
export class Listing<T> implements AsyncIterable<T> {
  readonly #fetch: (cursor: string | undefined) => Promise<Page<T>>;
  readonly #first: string | undefined;

  constructor(fetch: (cursor: string | undefined) => Promise<Page<T>>, first?: string) {
    this.#fetch = fetch;
    this.#first = first;
  }

  /** The page that begins at the cursor, or the first. */
  page(cursor: string | undefined = this.#first): Promise<Page<T>> {
    return this.#fetch(cursor);
  }

  /** The pages, one after the other. */
  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let cursor = this.#first;
    do {
      const page = await this.#fetch(cursor);
      yield page;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** Everything at once. */
  async all(): Promise<T[]> {
    const found: T[] = [];
    for await (const page of this.pages()) found.push(...page.items);
    return found;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }
}
