/** Faces that nobody has named, by person; keys alone suffice. */

import { Button, Card, Grid, Kbd, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Collection, GroupSummary as Unnamed } from "facet-client";
import { useCallback, useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { useTexts } from "../../texts/language";
import { Assign } from "./Assign";
import { GroupList } from "./GroupList";
import { GroupView } from "./GroupView";
import { KeyHelp, useInboxKeys } from "./keys";
import { useWaiting, type Waiting } from "./waiting";

const PAGE = 100;

export function Inbox() {
  return <InCollection>{(collection) => <Groups collection={collection} />}</InCollection>;
}

function Groups({ collection }: { collection: Collection }) {
  const groups = useInfiniteQuery({
    queryKey: ["groups", collection.name],
    queryFn: ({ pageParam }) =>
      facet.groups.list(collection.name, { limit: PAGE, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <Answer query={groups}>
      {({ pages }) => (
        <Sorting
          key={collection.id}
          collection={collection}
          groups={pages.flatMap((page) => page.items)}
          waitingFaces={pages[0]?.waiting ?? 0}
          onMore={groups.hasNextPage ? () => void groups.fetchNextPage() : undefined}
        />
      )}
    </Answer>
  );
}

interface Props {
  collection: Collection;
  groups: Unnamed[];
  /** Faces that were not compared with the others yet. */
  waitingFaces: number;
  /** Asks for the next page, if there is one. */
  onMore: (() => void) | undefined;
}

type Dialog = "assign" | "new" | "help";

function Sorting({ collection, groups, waitingFaces, onMore }: Props) {
  const t = useTexts();
  const may = useMay();
  const [place, setPlace] = useState(0);
  const [begunWith] = useState(groups.length);
  const [dialog, setDialog] = useState<Dialog>();
  const changed = usePeopleChanged();
  const refresh = useCallback(() => void changed(), [changed]);
  const { waiting, add, undo } = useWaiting(refresh, showFailure);
  const taken = new Set(waiting.map((one) => one.group));
  const left = groups.filter((one) => !taken.has(one.id));
  const current = left[Math.min(place, left.length - 1)];
  const mayAssign = may("enroll") && may("browse");
  const open = (wanted: Dialog) => () => {
    if (mayAssign && current) setDialog(wanted);
  };
  const discard = () => {
    if (!current || !may("erase")) return;
    add({
      group: current.id,
      text: t("discarding", { count: current.size }),
      run: () => facet.groups.discard(collection.name, current.id),
    });
  };
  const ignore = () => {
    if (!current || !mayAssign) return;
    add({
      group: current.id,
      text: t("ignoring", { count: current.size }),
      run: () => facet.groups.ignore(collection.name, current.id),
    });
  };
  const go = (step: number) => () => {
    setPlace((before) => Math.max(0, Math.min(Math.min(before, left.length - 1) + step, left.length - 1)));
  };
  useInboxKeys(
    {
      next: go(1),
      previous: go(-1),
      assign: open("assign"),
      asNew: open("new"),
      ignore,
      discard,
      undo,
      help: () => {
        setDialog("help");
      },
    },
    dialog === undefined,
  );
  const close = () => {
    setDialog(undefined);
  };
  return (
    <>
      <Heading title={t("inbox")}>
        <Text c="dimmed" role="status">
          {t("inboxCount", { groups: onMore ? `${String(left.length)}+` : left.length, waiting: waitingFaces })}
        </Text>
        <Button
          variant="default"
          onClick={() => {
            setDialog("help");
          }}
        >
          {t("keyHelp")} <Kbd ml={6}>?</Kbd>
        </Button>
      </Heading>
      {waiting.length > 0 && <Pending waiting={waiting} onUndo={undo} />}
      {current ? (
        <Grid>
          <Grid.Col span={{ base: 12, md: 4 }} order={{ base: 2, md: 1 }}>
            <GroupList
              collection={collection.name}
              groups={left}
              chosen={current.id}
              onChoose={(id) => {
                setPlace(left.findIndex((one) => one.id === id));
              }}
            />
            {onMore && (
              <Button mt="xs" variant="default" onClick={onMore}>
                {t("more")}
              </Button>
            )}
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 8 }} order={{ base: 1, md: 2 }}>
            <GroupView
              collection={collection.name}
              group={current}
              onAssign={mayAssign ? open("assign") : undefined}
              onNew={mayAssign ? open("new") : undefined}
              onIgnore={mayAssign ? ignore : undefined}
              onDiscard={may("erase") ? discard : undefined}
            />
          </Grid.Col>
        </Grid>
      ) : (
        <Text>{begunWith ? t("inboxDone") : t("inboxEmpty")}</Text>
      )}
      {current && (dialog === "assign" || dialog === "new") && (
        <Assign
          collection={collection.name}
          group={current}
          asNew={dialog === "new"}
          onClose={close}
          onChosen={add}
        />
      )}
      {dialog === "help" && <KeyHelp onClose={close} />}
    </>
  );
}

/** What is about to be sent. */
function Pending({ waiting, onUndo }: { waiting: Waiting[]; onUndo: () => void }) {
  const t = useTexts();
  return (
    <Card withBorder mb="md" role="status">
      {waiting.map((one) => (
        <Text key={one.group} size="sm">
          {one.text}
        </Text>
      ))}
      <Button mt="xs" size="compact-sm" variant="light" w="fit-content" onClick={onUndo}>
        {t("undo")} <Kbd ml={6}>Z</Kbd>
      </Button>
    </Card>
  );
}
