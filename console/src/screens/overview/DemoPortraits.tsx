/** The demo portraits, loaded by one button and removed by another. */

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Collection } from "facet-client";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { EraseDialog } from "../../parts/EraseDialog";
import { useTexts } from "../../texts/language";
import { DEMO, loadDemo } from "./demo";

export function LoadDemo() {
  const t = useTexts();
  const changed = usePeopleChanged();
  const navigate = useNavigate();
  const load = useMutation({
    mutationFn: loadDemo,
    onError: showFailure,
    onSuccess: () => navigate({ to: "/people", search: { c: DEMO } }),
    onSettled: changed,
  });
  return (
    <Button
      variant="default"
      loading={load.isPending}
      onClick={() => {
        load.mutate();
      }}
    >
      {t("loadDemo")}
    </Button>
  );
}

export function RemoveDemo({ collection }: { collection: Collection }) {
  const t = useTexts();
  const changed = usePeopleChanged();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="light" color="red" size="xs" w="fit-content" onClick={open}>
        {t("removeDemo")}
      </Button>
      {opened && (
        <EraseDialog
          name={collection.name}
          erase={(options) => facet.collections.erase(collection.name, options)}
          onErased={() => Promise.resolve()}
          onClose={(erased) => {
            close();
            if (erased) void changed();
          }}
        />
      )}
    </>
  );
}
