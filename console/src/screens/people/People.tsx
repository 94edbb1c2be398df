/** Everybody of a collection, as many as there are. */

import { Button, Card, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { PlusIcon, SearchIcon } from "@primer/octicons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Subject } from "facet-client";
import { useCallback, useMemo, useState } from "react";

import { useSealed } from "../../api/collections";
import { usePeople } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { useTexts, type Key } from "../../texts/language";
import { ChosenFilters, FilterMenu } from "./FilterMenu";
import { areSome, askedOf, ORDERS, without, type Filters, type Order } from "./filters";
import { NewPerson } from "./NewPerson";
import { PeopleGrid } from "./PeopleGrid";

const ORDER_TEXTS: Record<Order, Key> = {
  oldest: "orderOldest",
  newest: "orderNewest",
  name: "orderName",
  fewest: "orderFaces",
  most: "orderMostFaces",
};

const { compare } = new Intl.Collator();

/** Orders that the server does not give: everybody is read first. */
const SORTED: Partial<Record<Order, (a: Subject, b: Subject) => number>> = {
  name: (a, b) => compare(a.name, b.name),
  fewest: (a, b) => a.faces - b.faces,
  most: (a, b) => b.faces - a.faces,
};

export function People() {
  return <InCollection>{({ name }) => <Everybody key={name} collection={name} />}</InCollection>;
}

/** What is chosen, from the address, and how to choose something else. */
function useFilters(): [Filters, (filters: Filters) => void] {
  const { c, ...filters } = useSearch({ from: "/people" });
  const navigate = useNavigate({ from: "/people" });
  const choose = useCallback(
    (wanted: Filters) =>
      void navigate({ search: { ...(c !== undefined && { c }), ...wanted }, replace: true }),
    [navigate, c],
  );
  return [filters, choose];
}

function Everybody({ collection }: { collection: string }) {
  const t = useTexts();
  const may = useMay();
  const sealed = useSealed(collection);
  const [filters, choose] = useFilters();
  const [typed, setTyped] = useState(filters.q ?? "");
  const [adding, { open, close }] = useDisclosure();
  // The address is written at once: a later one would take who has gone on back to here.
  const [q] = useDebouncedValue(filters.q, 200);
  const asked = q === undefined ? without(filters, "q") : { ...filters, q };
  return (
    <>
      <Heading title={t("people")}>
        <TextInput
          aria-label={t("search")}
          placeholder={t(sealed ? "wholeName" : "beginningOfName")}
          leftSection={<SearchIcon size={16} aria-hidden />}
          value={typed}
          onChange={({ currentTarget: { value } }) => {
            setTyped(value);
            choose(value.trim() ? { ...filters, q: value.trim() } : without(filters, "q"));
          }}
        />
        <Select
          aria-label={t("order")}
          w={160}
          value={filters.order ?? "oldest"}
          onChange={(order) => {
            choose({ ...filters, order: order as Order });
          }}
          allowDeselect={false}
          data={ORDERS.map((value) => ({ value, label: t(ORDER_TEXTS[value]) }))}
        />
        <FilterMenu filters={filters} onChange={choose} />
        {may("enroll") && (
          <Button leftSection={<PlusIcon size={16} aria-hidden />} onClick={open}>
            {t("addPerson")}
          </Button>
        )}
      </Heading>
      <ChosenFilters filters={filters} onChange={choose} />
      {adding && <NewPerson collection={collection} onClose={close} />}
      <Found collection={collection} filters={asked} onAdd={open} />
    </>
  );
}

interface FoundProps {
  collection: string;
  filters: Filters;
  onAdd: () => void;
}

function Found({ collection, filters, onAdd }: FoundProps) {
  const t = useTexts();
  const may = useMay();
  const sealed = useSealed(collection);
  const people = usePeople(collection, askedOf(filters, sealed));
  const sorted = SORTED[filters.order ?? "oldest"];
  const found = useMemo(() => {
    const everybody = people.data?.pages.flatMap((page) => page.items) ?? [];
    return sorted ? everybody.sort(sorted) : everybody;
  }, [people.data, sorted]);
  return (
    <Answer query={people}>
      {() =>
        found.length ? (
          <>
            <Text size="sm" c="dimmed" mb="xs" role="status">
              {t(told(people.hasNextPage, sorted !== undefined), { count: found.length })}
            </Text>
            <PeopleGrid
              collection={collection}
              people={found}
              more={people.hasNextPage && !people.isFetchingNextPage}
              eager={sorted !== undefined}
              onMore={() => void people.fetchNextPage()}
            />
          </>
        ) : (
          <Card withBorder>
            <Text>{t(nobody(filters), { name: filters.q ?? "" })}</Text>
            {!areSome(filters) && may("enroll") && (
              <Button mt="sm" w="fit-content" onClick={onAdd}>
                {t("addPerson")}
              </Button>
            )}
          </Card>
        )
      }
    </Answer>
  );
}

function told(areMore: boolean, sorting: boolean): Key {
  if (!areMore) return "peopleFound";
  return sorting ? "peopleBeingSorted" : "peopleSoFar";
}

function nobody(filters: Filters): Key {
  if (!areSome(filters)) return "nobodyYet";
  return Object.keys(filters).every((name) => name === "q" || name === "order")
    ? "nobodyCalled"
    : "nobodyMeetsAll";
}
