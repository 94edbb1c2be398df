/** The text in which servers tell their metrics to Prometheus. */

export interface Figures {
  requests: number;
  /** Answers with a status of 500 and more. */
  failures: number;
  /** On average, of recognitions in pictures. */
  recognitionSeconds: number | undefined;
  /** Waiting and running. */
  jobs: number;
}

/** Figures of the text that Prometheus reads. */
export function figuresOf(text: string): Figures {
  const samples = text.split("\n").flatMap((one) => {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(one);
    return found ? [{ name: found[1], labels: found[2] ?? "", value: Number(found[3]) }] : [];
  });
  const sum = (name: string, labels: RegExp = /^/) =>
    samples
      .filter((one) => one.name === name && labels.test(one.labels))
      .reduce((total, one) => total + one.value, 0);
  const recognition = /route="[^"]*\/recognize"/;
  const count = sum("facet_request_seconds_count", recognition);
  return {
    requests: sum("facet_requests_total"),
    failures: sum("facet_requests_total", /status="5/),
    recognitionSeconds: count
      ? sum("facet_request_seconds_sum", recognition) / count
      : undefined,
    jobs: sum("facet_jobs", /state="(queued|running)"/),
  };
}
