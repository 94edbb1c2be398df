/** The registry: what there is, what is ready, and moving a collection to another encoder. */

import { Alert, Badge, Button, Code, Drawer, Group, Modal, Select, Stack, Switch, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ModelSummary } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useCollection, useCollections } from "../../api/collections";
import { showFailure } from "../../api/failures";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { Told } from "../../parts/Told";
import { useTexts } from "../../texts/language";
import { useModel } from "../try/StrangerCurve";

const ENCODES = "encode-faces";

export function Models() {
  const t = useTexts();
  const may = useMay();
  const [chosen, setChosen] = useState<string>();
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
            <ModelTable models={found} onChoose={setChosen} />
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
        <Card
          model={chosen}
          onClose={() => {
            setChosen(undefined);
          }}
        />
      )}
    </>
  );
}

interface TableProps {
  models: ModelSummary[];
  onChoose: (key: string) => void;
}

function ModelTable({ models, onChoose }: TableProps) {
  const t = useTexts();
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("model")}</Table.Th>
            <Table.Th>{t("task")}</Table.Th>
            <Table.Th>{t("licence")}</Table.Th>
            <Table.Th>{t("state")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((one) => (
            <Table.Tr key={one.key}>
              <Table.Td>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  onClick={() => {
                    onChoose(one.key);
                  }}
                >
                  {one.key}
                </Button>
                {one.default && <Badge variant="light">{t("default")}</Badge>}
              </Table.Td>
              <Table.Td>{one.task}</Table.Td>
              <Table.Td>
                {one.licence}{" "}
                {!one.commercial_use && <Badge color="orange">{t("notCommercial")}</Badge>}
              </Table.Td>
              <Table.Td>
                {one.ready ? (
                  <Badge color="teal">{t("ready")}</Badge>
                ) : (
                  <Text size="sm">
                    <Told text={`${one.problem?.detail ?? ""} ${one.problem?.hint ?? ""}`} />
                  </Text>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Card({ model, onClose }: { model: string; onClose: () => void }) {
  const t = useTexts();
  const card = useModel(model, true);
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title={model}>
      <Answer query={card}>
        {(found) => (
          <Stack>
            <Text>{found.description}</Text>
            <Part title={t("limitsOfModel")} text={found.limits} />
            <Part title={t("trainingData")} text={found.training_data} />
            <Part title={t("licence")} text={`${found.licence} ${found.licence_url}`} />
            <div>
              <Text fw={600}>{t("figures")}</Text>
              <Code block tabIndex={0}>
                {JSON.stringify(found.metrics, null, 2)}
              </Code>
            </div>
          </Stack>
        )}
      </Answer>
    </Drawer>
  );
}

function Part({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Text fw={600}>{title}</Text>
      <Text size="sm">{text}</Text>
    </div>
  );
}

function Reencode({ encoders, onClose }: { encoders: ModelSummary[]; onClose: () => void }) {
  const t = useTexts();
  const { data: collections } = useCollections();
  const current = useCollection();
  const [collection, setCollection] = useState(current?.name ?? null);
  const [encoder, setEncoder] = useState<string | null>(null);
  const [erase, setErase] = useState(false);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const order = useMutation({
    mutationFn: (wanted: { collection: string; encoder: string }) =>
      facet.collections.reencode(wanted.collection, { encoder: wanted.encoder, erase_left_out: erase }),
    onError: showFailure,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["jobs"] });
      onClose();
      await navigate({ to: "/jobs" });
    },
  });
  const of = collections?.find((one) => one.name === collection);
  return (
    <Modal opened onClose={onClose} title={t("reencode")}>
      <Stack>
        <Select
          label={t("collection")}
          data={collections?.map((one) => one.name) ?? []}
          value={collection}
          onChange={setCollection}
        />
        <Select
          label={t("encoder")}
          data={encoders.map((one) => one.key).filter((one) => one !== of?.encoder)}
          value={encoder}
          onChange={setEncoder}
        />
        <Alert>{of?.keep_images ? t("reencodeHint") : t("reencodeNoImages")}</Alert>
        <Switch
          label={t("eraseLeftOut")}
          checked={erase}
          onChange={(event) => {
            setErase(event.currentTarget.checked);
          }}
        />
        <Group justify="flex-end">
          <Button
            disabled={!collection || !encoder}
            loading={order.isPending}
            onClick={() => {
              if (collection && encoder) order.mutate({ collection, encoder });
            }}
          >
            {t("reencode")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
