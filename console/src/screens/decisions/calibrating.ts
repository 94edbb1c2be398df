/** The curves that a collection may decide by. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Collection } from "facet-client";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useMay } from "../../api/session";
import { useOrdered } from "../jobs/ordered";

const CALIBRATION = "calibration";

/** The job that was ordered last, if there was one. */
export function useCalibrationJob(collection: Collection) {
  const may = useMay();
  return useOrdered(CALIBRATION, collection.id, may("admin"));
}

/** What is in force and what is proposed, asked anew as the job that makes one goes on. */
export function useCalibrations(collection: Collection) {
  const may = useMay();
  const job = useCalibrationJob(collection).data;
  return useQuery({
    queryKey: [CALIBRATION, collection.name, job?.id, job?.state],
    queryFn: () => facet.calibration.show(collection.name),
    placeholderData: keepPreviousData,
    enabled: may("admin"),
  });
}

/** Having a curve made, deciding by it, and going back to the encoder's. */
export function useCalibrating(name: string) {
  const cache = useQueryClient();
  const change = {
    onError: showFailure,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: [CALIBRATION] });
      await cache.invalidateQueries({ queryKey: ["health", name] });
    },
  };
  return {
    order: useMutation({
      mutationFn: () => facet.calibration.order(name),
      onError: showFailure,
      onSuccess: () => cache.invalidateQueries({ queryKey: ["jobs"] }),
    }),
    accept: useMutation({
      mutationFn: (id: string) => facet.calibration.accept(name, { calibration_id: id }),
      ...change,
    }),
    drop: useMutation({ mutationFn: () => facet.calibration.drop(name), ...change }),
  };
}
