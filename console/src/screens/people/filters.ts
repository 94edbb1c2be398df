/** Who is looked for among people, as it stands in the address. */

import type { SubjectsListOptions } from "facet-client";

import { calledSo } from "../../api/naming";

export const ORDERS = ["oldest", "newest", "name", "fewest", "most"] as const;
export type Order = (typeof ORDERS)[number];
export type Scalar = string | number | boolean | null;
export type Consent = "none" | "valid" | "ended";
export type FacesHeld = "none" | "few";

export interface Filters {
  /** The beginning of the name; of a sealed collection the whole. */
  q?: string;
  order?: Order;
  where?: Record<string, Scalar>;
  faces?: FacesHeld;
  restricted?: boolean;
  consent?: Consent;
  /** A day in the reader's zone. */
  since?: string;
}

const FEW = 2;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** What an address holds of it; what nobody can look for is left out. */
export function filtersOf(given: Record<string, unknown>): Filters {
  const { q, order, where, faces, restricted, consent, since } = given;
  const conditions = Object.entries(isObject(where) ? where : {}).filter(isPlain);
  return {
    ...((typeof q === "string" || typeof q === "number") && q !== "" && { q: String(q) }),
    ...(isOneOf(order, ORDERS) && order !== "oldest" && { order }),
    ...(conditions.length > 0 && { where: Object.fromEntries(conditions) }),
    ...(isOneOf(faces, ["none", "few"] as const) && { faces }),
    ...(typeof restricted === "boolean" && { restricted }),
    ...(isOneOf(consent, ["none", "valid", "ended"] as const) && { consent }),
    ...(typeof since === "string" && isDay(since) && { since }),
  };
}

/** What the server is asked for by them. */
export function askedOf(filters: Filters, sealed: boolean): SubjectsListOptions {
  const { q, order, where, faces, restricted, consent, since } = filters;
  return {
    ...calledSo(q ?? "", sealed),
    ...(order === "newest" && { order }),
    ...(where && { where: JSON.stringify(where) }),
    ...(faces && { max_faces: faces === "none" ? 0 : FEW }),
    ...(restricted !== undefined && { restricted }),
    ...(consent && { consent }),
    ...(since && { since: new Date(`${since}T00:00`).toISOString() }),
  };
}

/** The value that somebody has typed: numbers, `true`, `false` and `null` are none of letters. */
export function valueOf(typed: string): Scalar {
  try {
    const value: unknown = JSON.parse(typed);
    return isScalar(value) ? value : typed;
  } catch {
    return typed;
  }
}

/** A value as somebody types it. */
export function textOfValue(value: Scalar): string {
  return typeof value === "string" && valueOf(value) === value ? value : JSON.stringify(value);
}

/** Whether anybody is left out. */
export function areSome(filters: Filters): boolean {
  return Object.keys(filters).some((name) => name !== "order");
}

/** What is left without one of them. */
export function without(filters: Filters, dropped: keyof Filters): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([name]) => name !== dropped));
}

/** What is left without one condition on metadata. */
export function withoutCondition(filters: Filters, dropped: string): Filters {
  const left = Object.entries(filters.where ?? {}).filter(([key]) => key !== dropped);
  const others = without(filters, "where");
  return left.length ? { ...others, where: Object.fromEntries(left) } : others;
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(`${text}T00:00`));
}

function isOneOf<T extends string>(value: unknown, among: readonly T[]): value is T {
  return among.some((one) => one === value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isPlain(pair: [string, unknown]): pair is [string, Scalar] {
  return isScalar(pair[1]);
}
