/** Failures that every request can have. */

import type { Code } from "./generated/codes.ts";

/** An answer of the service that is no success. */
export class FacetError extends Error {
  override readonly name = "FacetError";
  /** Status of HTTP. */
  readonly status: number;
  /** The stable code; empty where something between has answered, such as a proxy. */
  readonly code: Code | "";
  readonly detail: string;
  /** What to do about it. */
  readonly hint: string;
  /** By which the server's log knows the request. */
  readonly requestId: string;
  /** The whole answer: `errors` by field, `results` of an enrolment, and so on. */
  readonly problem: Readonly<Record<string, unknown>>;

  constructor(status: number, problem: Record<string, unknown>) {
    const detail = text(problem["detail"]) || `HTTP status ${status}`;
    const hint = text(problem["hint"]);
    super(`${detail} ${hint}`.trim());
    this.status = status;
    this.code = text(problem["code"]) as Code | "";
    this.detail = detail;
    this.hint = hint;
    this.requestId = text(problem["request_id"]);
    this.problem = problem;
  }
}

/** There was no answer of a server: no connection, it ended before, or what came is none of Facet's. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** The exception for an answer that is no success. */
export function failure(status: number, content: string): FacetError {
  let problem: unknown;
  try {
    problem = JSON.parse(content);
  } catch {
    problem = undefined;
  }
  const known = typeof problem === "object" && problem !== null && !Array.isArray(problem);
  return new FacetError(status, known ? (problem as Record<string, unknown>) : {});
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
