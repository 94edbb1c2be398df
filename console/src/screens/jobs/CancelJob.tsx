/** The button that ends a job before its time. */

import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { useTexts } from "../../texts/language";

export function CancelJob({ id }: { id: string }) {
  const t = useTexts();
  const cache = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => facet.jobs.cancel(id),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["jobs"] }),
  });
  return (
    <Button
      size="compact-sm"
      variant="light"
      color="red"
      loading={cancel.isPending}
      onClick={() => {
        cancel.mutate();
      }}
    >
      {t("cancelJob")}
    </Button>
  );
}
