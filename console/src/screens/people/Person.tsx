/** One person: faces, what is written of them, and what can be done. */

import { Anchor, Button, Card, Code, Group, Menu, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { ArrowLeftIcon, KebabHorizontalIcon } from "@primer/octicons-react";
import { Link, useLocation, useNavigate, useParams, useRouter } from "@tanstack/react-router";
import type { Collection, Subject } from "facet-client";
import { useState, type MouseEvent } from "react";

import { facet } from "../../api/client";
import { usePeopleChanged, usePerson } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { EraseDialog } from "../../parts/EraseDialog";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { Moment } from "../../parts/Moment";
import { useTexts } from "../../texts/language";
import { OwnAudit } from "../rights/OwnAudit";
import { OwnSightings } from "../rights/OwnSightings";
import { RightsCard } from "../rights/RightsCard";
import { AddTo } from "./AddTo";
import { Corrections } from "./Corrections";
import { Enrolled } from "./Enrolled";
import { Merge, Rename } from "./PersonDialogs";

type Dialog = "rename" | "merge" | "erase";

export function Person() {
  const { subject } = useParams({ from: "/people/$subject" });
  return (
    <InCollection>
      {(collection) => <Loaded collection={collection} subject={subject} />}
    </InCollection>
  );
}

function Loaded({ collection, subject }: { collection: Collection; subject: string }) {
  const person = usePerson(collection.name, subject);
  return (
    <>
      <BackToPeople />
      <Answer query={person}>
        {(found) => <Known collection={collection.name} person={found} />}
      </Answer>
    </>
  );
}

/** The way back to the list: as it was left, for whoever has come from there. */
function BackToPeople() {
  const t = useTexts();
  const router = useRouter();
  const { fromPeople } = useLocation().state;
  return (
    <Anchor
      renderRoot={(props: object) => <Link to="/people" {...props} />}
      onClick={(event: MouseEvent) => {
        if (!fromPeople || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        router.history.back();
      }}
    >
      <Group gap={4}>
        <ArrowLeftIcon size={16} aria-hidden />
        {t("people")}
      </Group>
    </Anchor>
  );
}

function Known({ collection, person }: { collection: string; person: Subject }) {
  const may = useMay();
  const [dialog, setDialog] = useState<Dialog>();
  const navigate = useNavigate();
  const changed = usePeopleChanged();
  const close = () => {
    setDialog(undefined);
  };
  return (
    <>
      <Heading title={person.name}>
        <Actions onChoose={setDialog} />
      </Heading>
      <Stack>
        {may("enroll") && <AddTo collection={collection} subject={person.id} />}
        <Enrolled collection={collection} person={person} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Written person={person} />
          <RightsCard collection={collection} subject={person.id} />
        </SimpleGrid>
        <OwnSightings collection={collection} subject={person.id} />
        <Corrections collection={collection} subject={person.id} />
        {may("audit") && <OwnAudit collection={collection} subject={person.id} />}
      </Stack>
      {dialog === "rename" && <Rename collection={collection} person={person} onClose={close} />}
      {dialog === "merge" && <Merge collection={collection} person={person} onClose={close} />}
      {dialog === "erase" && (
        <EraseDialog
          name={person.name}
          erase={(options) => facet.subjects.erase(collection, person.id, options)}
          onErased={() => Promise.resolve()}
          onClose={(erased) => {
            close();
            if (erased) void navigate({ to: "/people" }).then(changed);
          }}
        />
      )}
    </>
  );
}

function Actions({ onChoose }: { onChoose: (dialog: Dialog) => void }) {
  const t = useTexts();
  const may = useMay();
  const rename = may("enroll") && may("browse");
  const merge = rename && may("erase");
  if (!rename && !may("erase")) return null;
  return (
    <>
      {rename && (
        <Button
          variant="default"
          onClick={() => {
            onChoose("rename");
          }}
        >
          {t("rename")}
        </Button>
      )}
      <Menu>
        <Menu.Target>
          <Button variant="default" leftSection={<KebabHorizontalIcon size={16} aria-hidden />}>
            {t("more")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {merge && (
            <Menu.Item
              onClick={() => {
                onChoose("merge");
              }}
            >
              {t("mergeInto")}
            </Menu.Item>
          )}
          {may("erase") && (
            <Menu.Item
              color="red"
              onClick={() => {
                onChoose("erase");
              }}
            >
              {t("erase")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Written({ person }: { person: Subject }) {
  const t = useTexts();
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">
        {t("written")}
      </Title>
      <Table layout="fixed">
        <Table.Tbody>
          <Field name={t("externalId")}>{person.external_id ?? "–"}</Field>
          <Field name={t("added")}>
            <Moment at={person.created_at} />
          </Field>
          <Field name={t("changed")}>
            <Moment at={person.updated_at} />
          </Field>
          {Object.entries(person.metadata).map(([key, value]) => (
            <Field key={key} name={key}>
              {typeof value === "string" ? value : <Code>{JSON.stringify(value)}</Code>}
            </Field>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="xs">
        {person.id}
      </Text>
    </Card>
  );
}

function Field({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Td c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {name}
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{children}</Table.Td>
    </Table.Tr>
  );
}
