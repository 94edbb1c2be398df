import { expect, it } from "vitest";

import { figuresOf } from "./metrics";

const TEXT = `# HELP facet_requests_total HTTP requests
facet_requests_total{method="GET",route="/v1/collections",status="200"} 40.0
facet_requests_total{method="POST",route="/v1/verify",status="503"} 2.0
facet_request_seconds_count{method="POST",route="/v1/collections/{collection}/recognize"} 4.0
facet_request_seconds_sum{method="POST",route="/v1/collections/{collection}/recognize"} 0.5
facet_jobs{kind="reencoding",state="running"} 1.0
facet_jobs{kind="reencoding",state="failed"} 7.0
`;

it("figures are read from the server's metrics", () => {
  expect(figuresOf(TEXT)).toEqual({ requests: 42, failures: 2, recognitionSeconds: 0.125, jobs: 1 });
  expect(figuresOf("").recognitionSeconds).toBeUndefined();
});
