/** Everybody of a collection, as many as there are. */

import { Button, Card, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { PlusIcon, SearchIcon } from "@primer/octicons-react";
import type { Subject } from "facet-client";
import { useMemo, useState } from "react";

import { useSealed } from "../../api/collections";
import { usePeople } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { useTexts } from "../../texts/language";
import { NewPerson } from "./NewPerson";
import { PeopleGrid } from "./PeopleGrid";

type Order = "oldest" | "newest" | "name" | "faces";

const { compare } = new Intl.Collator();

const ORDERS: Record<Order, (a: Subject, b: Subject) => number> = {
  oldest: () => 0,
  newest: (a, b) => compare(b.created_at, a.created_at),
  name: (a, b) => compare(a.name, b.name),
  faces: (a, b) => a.faces - b.faces,
};

export function People() {
  return <InCollection>{({ name }) => <Everybody key={name} collection={name} />}</InCollection>;
}

function Everybody({ collection }: { collection: string }) {
  const t = useTexts();
  const may = useMay();
  const sealed = useSealed(collection);
  const [typed, setTyped] = useState("");
  const [order, setOrder] = useState<Order>("oldest");
  const [prefix] = useDebouncedValue(typed.trim(), 200);
  const [adding, { open, close }] = useDisclosure();
  return (
    <>
      <Heading title={t("people")}>
        <TextInput
          aria-label={t("search")}
          placeholder={t(sealed ? "wholeName" : "beginningOfName")}
          leftSection={<SearchIcon size={16} aria-hidden />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
        <SegmentedControl
          aria-label={t("order")}
          size="xs"
          value={order}
          onChange={(wanted) => {
            setOrder(wanted as Order);
          }}
          data={[
            { value: "oldest", label: t("orderOldest") },
            { value: "newest", label: t("orderNewest") },
            { value: "name", label: t("orderName") },
            { value: "faces", label: t("orderFaces") },
          ]}
        />
        {may("enroll") && (
          <Button leftSection={<PlusIcon size={16} aria-hidden />} onClick={open}>
            {t("addPerson")}
          </Button>
        )}
      </Heading>
      {adding && <NewPerson collection={collection} onClose={close} />}
      <Found collection={collection} prefix={prefix} order={order} onAdd={open} />
    </>
  );
}

interface FoundProps {
  collection: string;
  prefix: string;
  order: Order;
  onAdd: () => void;
}

function Found({ collection, prefix, order, onAdd }: FoundProps) {
  const t = useTexts();
  const may = useMay();
  const people = usePeople(collection, prefix);
  const found = useMemo(
    () => (people.data?.pages.flatMap((page) => page.items) ?? []).sort(ORDERS[order]),
    [people.data, order],
  );
  return (
    <Answer query={people}>
      {() =>
        found.length ? (
          <PeopleGrid
            collection={collection}
            people={found}
            // In another order than the server's everybody has to be known first.
            more={people.hasNextPage && !people.isFetchingNextPage}
            eager={order !== "oldest"}
            onMore={() => void people.fetchNextPage()}
          />
        ) : (
          <Card withBorder>
            <Text>{prefix ? t("nobodyCalled", { name: prefix }) : t("nobodyYet")}</Text>
            {!prefix && may("enroll") && (
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
