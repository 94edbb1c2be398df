/** Faces that were remembered, by time, source and decision. */

import { Alert, Button, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { Collection } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { usePeopleChanged } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { EraseDialog } from "../../parts/EraseDialog";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { separators } from "../../texts/numbers";
import { EVERYTHING, filtersOf, type Typed } from "./filters";
import { useSightings } from "./sighted";
import { SightingCards } from "./SightingCards";

const PAGE = 60;

export function Sightings() {
  return (
    <InCollection>
      {(collection) => <Remembered key={collection.id} collection={collection} />}
    </InCollection>
  );
}

function Remembered({ collection }: { collection: Collection }) {
  const t = useTexts();
  const may = useMay();
  const changed = usePeopleChanged();
  const [typed, setTyped] = useState(EVERYTHING);
  const [settled] = useDebouncedValue(typed, 300);
  const [erasing, setErasing] = useState(false);
  const filters = filtersOf(settled);
  const sightings = useSightings(collection.name, filters, PAGE);
  return (
    <>
      <Heading title={t("sightings")}>
        {may("erase") && (
          <Button
            variant="light"
            color="red"
            onClick={() => {
              setErasing(true);
            }}
          >
            {t("eraseFound")}
          </Button>
        )}
      </Heading>
      <FilterFields typed={typed} onChange={setTyped} />
      <Answer query={sightings}>
        {({ pages }) => {
          const seen = pages.flatMap((page) => page.items);
          const { over_limit: over = 0, lost = 0 } = pages[0]?.left_out ?? {};
          const reached = pages.at(-1)?.looked_back_to;
          return (
            <Stack>
              {over + lost > 0 && <Alert color="yellow">{t("leftOut", { over, lost })}</Alert>}
              {seen.length === 0 && <Text>{t(reached ? "noneSoFar" : "noSightings")}</Text>}
              <SightingCards collection={collection.name} seen={seen} named />
              {reached && (
                <Text>
                  {t("lookedBackTo")} <Moment at={reached} />
                </Text>
              )}
            </Stack>
          );
        }}
      </Answer>
      {sightings.hasNextPage && (
        <Button
          mt="md"
          variant="default"
          loading={sightings.isFetchingNextPage}
          onClick={() => void sightings.fetchNextPage()}
        >
          {t(sightings.data?.pages.at(-1)?.looked_back_to ? "lookFurtherBack" : "more")}
        </Button>
      )}
      {erasing && (
        <EraseDialog
          name={t("foundSightings")}
          erase={(options) => facet.sightings.eraseSightings(collection.name, { ...filters, ...options })}
          onErased={() => Promise.resolve()}
          onClose={(erased) => {
            setErasing(false);
            if (erased) void changed();
          }}
        />
      )}
    </>
  );
}

interface FieldProps {
  typed: Typed;
  onChange: (typed: Typed) => void;
}

function FilterFields({ typed, onChange }: FieldProps) {
  const t = useTexts();
  const field = (name: keyof Typed) => ({
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange({ ...typed, [name]: event.currentTarget.value });
    },
  });
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 5 }} mb="md">
      <TextInput type="datetime-local" label={t("since")} {...field("since")} />
      <TextInput type="datetime-local" label={t("until")} {...field("until")} />
      <TextInput label={t("source")} {...field("source")} />
      <Select
        label={t("decision")}
        placeholder={t("all")}
        data={[
          { value: "known", label: t("known") },
          { value: "unknown", label: t("unknown") },
        ]}
        value={typed.decision || null}
        clearable
        onChange={(decision) => {
          onChange({ ...typed, decision: decision ?? "" });
        }}
      />
      <NumberInput
        label={t("qualityAtLeast")}
        min={0}
        max={1}
        step={0.1}
        decimalSeparator={separators().decimalSeparator}
        value={typed.quality}
        onChange={(quality) => {
          onChange({ ...typed, quality: String(quality) });
        }}
      />
    </SimpleGrid>
  );
}
