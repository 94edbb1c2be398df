/** Moving a collection to another encoder, and what that would lose. */

import { Alert, Button, Group, List, Modal, Select, Stack, Switch, Table, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ModelSummary, ReencodingForecast } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { useCollection, useCollections } from "../../api/collections";
import { showFailure } from "../../api/failures";
import { Answer } from "../../parts/Answer";
import { useTexts } from "../../texts/language";
import { countOf } from "../../texts/numbers";
import { timeOf } from "./bytes";

const SHOWN = 10;

export function Reencode({ encoders, onClose }: { encoders: ModelSummary[]; onClose: () => void }) {
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
          onChange={(name) => {
            setCollection(name);
            setEncoder(null);
          }}
        />
        <Select
          label={t("encoder")}
          data={encoders.map((one) => one.key).filter((one) => one !== of?.encoder)}
          value={encoder}
          onChange={setEncoder}
        />
        <Alert>{of?.keep_images ? t("reencodeHint") : t("reencodeNoImages")}</Alert>
        {collection && encoder && <Forecast collection={collection} encoder={encoder} erase={erase} />}
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
            {...(erase && { color: "red" })}
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

interface ForecastProps {
  collection: string;
  encoder: string;
  erase: boolean;
}

function Forecast({ collection, encoder, erase }: ForecastProps) {
  const t = useTexts();
  const forecast = useQuery({
    queryKey: ["reencoding-forecast", collection, encoder],
    queryFn: () => facet.collections.forecastReencoding(collection, { encoder }),
    gcTime: 0,
  });
  return <Answer query={forecast}>{(found) => <Losses forecast={found} erase={erase} title={t("whatIsLost")} />}</Answer>;
}

interface LossesProps {
  forecast: ReencodingForecast;
  erase: boolean;
  title: string;
}

function Losses({ forecast: found, erase, title }: LossesProps) {
  const t = useTexts();
  const basis = found.seconds_from === "last-job" ? t("howLongLast") : t("howLongBasis");
  const encodable = { faces: found.encodable_faces, subjects: found.encodable_subjects };
  return (
    <Stack gap="xs" role="region" aria-label={title}>
      <Text fw={600}>{title}</Text>
      <Table>
        <Table.Tbody>
          <Row name={t("encodable")} value={t("facesAndPeople", encodable)} />
          <Row name={t("facesLost")} value={countOf(found.lost_faces)} />
          <Row name={t("lostPeople")} value={countOf(found.lost_subjects)} />
          <Row name={t("howLong")} value={`${timeOf(found.seconds)}, ${basis}`} />
        </Table.Tbody>
      </Table>
      {found.lost.length > 0 && (
        <List size="sm">
          {found.lost.slice(0, SHOWN).map((one) => (
            <List.Item key={one.id}>{one.name}</List.Item>
          ))}
          {found.lost_subjects > SHOWN && (
            <List.Item>{t("andMore", { count: found.lost_subjects - SHOWN })}</List.Item>
          )}
        </List>
      )}
      {found.problem && (
        <Alert color="orange">{t("notYet", { why: `${found.problem.detail} ${found.problem.hint}` })}</Alert>
      )}
      {found.pictures.not_looked_for > 0 && (
        <Text size="sm">{t("awayPictures", { count: found.pictures.not_looked_for })}</Text>
      )}
      {found.lost_faces > 0 ? (
        <Alert color={erase ? "red" : "orange"}>{erase ? t("lostErased") : t("lostRefused")}</Alert>
      ) : (
        <Text size="sm">{t("lostNone")}</Text>
      )}
    </Stack>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td ta="right">{value}</Table.Td>
    </Table.Tr>
  );
}
