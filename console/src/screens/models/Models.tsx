/** The registry: what there is, what is ready, getting weights, and moving to another encoder. */

import { Anchor, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ModelSummary } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useCaller, useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Listing, type Column } from "../../parts/Listing";
import { Told } from "../../parts/Told";
import { useTexts } from "../../texts/language";
import { ModelDrawer } from "./ModelDrawer";
import { PullDialog } from "./PullDialog";
import { Reencode } from "./Reencode";

const ENCODES = "encode-faces";

export function Models() {
  const t = useTexts();
  const may = useMay();
  const [chosen, setChosen] = useState<string>();
  const [wanted, setWanted] = useState<string>();
  const [moving, setMoving] = useState(false);
  const models = useQuery({ queryKey: ["models"], queryFn: () => facet.models.list() });
  return (
    <>
      <Heading title={t("models")}>
        {may("admin") && (
          <Button
            variant="default"
            onClick={() => {
              setMoving(true);
            }}
          >
            {t("reencode")}
          </Button>
        )}
      </Heading>
      <Answer query={models}>
        {({ models: found }) => (
          <>
            <ModelTable models={found} onChoose={setChosen} onGet={setWanted} />
            {moving && (
              <Reencode
                encoders={found.filter((one) => one.task === ENCODES && one.ready)}
                onClose={() => {
                  setMoving(false);
                }}
              />
            )}
          </>
        )}
      </Answer>
      {chosen && (
        <ModelDrawer
          model={chosen}
          onClose={() => {
            setChosen(undefined);
          }}
        />
      )}
      {wanted && (
        <PullDialog
          model={wanted}
          onClose={() => {
            setWanted(undefined);
          }}
        />
      )}
    </>
  );
}

interface TableProps {
  models: ModelSummary[];
  onChoose: (key: string) => void;
  onGet: (key: string) => void;
}

function ModelTable({ models, onChoose, onGet }: TableProps) {
  const t = useTexts();
  const may = useMay();
  const { data: caller } = useCaller();
  const mayGet = may("admin") && caller?.collection_id == null;
  const columns: Column<ModelSummary>[] = [
    {
      name: t("model"),
      show: (one) => (
        <Group gap="xs">
          <Anchor
            component="button"
            size="sm"
            fw={600}
            ta="left"
            onClick={() => {
              onChoose(one.key);
            }}
          >
            {one.key}
          </Anchor>
          {one.default && <Badge variant="light">{t("default")}</Badge>}
        </Group>
      ),
    },
    { name: t("task"), show: (one) => one.task },
    { name: t("licence"), show: (one) => <Licence model={one} /> },
    { name: t("state"), show: (one) => <ModelState model={one} mayGet={mayGet} onGet={onGet} /> },
  ];
  return <Listing columns={columns} rows={models} keyOf={(one) => one.key} minWidth={720} />;
}

function Licence({ model }: { model: ModelSummary }) {
  const t = useTexts();
  // A badge in a narrow column is cut, unless it keeps its width.
  return (
    <>
      <Text size="sm">{model.licence}</Text>
      <Group gap={4}>
        {!model.commercial_use && (
          <Badge color="orange" miw="max-content">
            {t("notCommercial")}
          </Badge>
        )}
        {model.provenance_doubt && (
          <Badge color="orange" variant="light" miw="max-content">
            {t("doubtful")}
          </Badge>
        )}
      </Group>
    </>
  );
}

interface StateProps {
  model: ModelSummary;
  mayGet: boolean;
  onGet: (key: string) => void;
}

function ModelState({ model, mayGet, onGet }: StateProps) {
  const t = useTexts();
  const gets = model.downloadable && mayGet;
  if (model.ready) return <Badge color="teal">{t("ready")}</Badge>;
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        <Told text={gets ? t("weightsAway") : `${model.problem?.detail ?? ""} ${model.problem?.hint ?? ""}`} />
      </Text>
      {gets && (
        <Button
          size="compact-sm"
          variant="light"
          aria-label={t("getModelNamed", { name: model.key })}
          onClick={() => {
            onGet(model.key);
          }}
        >
          {t("getModel")}
        </Button>
      )}
    </Stack>
  );
}
