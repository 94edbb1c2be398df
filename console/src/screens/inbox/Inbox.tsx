/** Faces that nobody has named, by person; keys alone suffice. */

import { Alert, Button, Grid, Kbd, Loader, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { Collection, GroupSummary as Unnamed } from "facet-client";
import { useCallback, useEffect, useRef, useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { Told } from "../../parts/Told";
import { useTexts } from "../../texts/language";
import { countOf } from "../../texts/numbers";
import { Assign } from "./Assign";
import { useChoosing } from "./choosing";
import { useDenying } from "./denying";
import { sizeOf } from "./deciding";
import { GroupList } from "./GroupList";
import { GroupView } from "./GroupView";
import { KeyHelp, useInboxKeys } from "./keys";
import { Nearest } from "./Nearest";
import { OrderChoice } from "./OrderChoice";
import { useOrder, useOrdered, type Order } from "./ordering";
import { Pending } from "../../parts/Pending";
import { useSorting } from "./sorting";
import { useWaiting, type Waiting } from "../../parts/waiting";

const PAGE = 100;

export function Inbox() {
  return <InCollection>{(collection) => <Groups collection={collection} />}</InCollection>;
}

function Groups({ collection }: { collection: Collection }) {
  const t = useTexts();
  const groups = useInfiniteQuery({
    queryKey: ["groups", collection.name],
    queryFn: ({ pageParam }) =>
      facet.groups.list(collection.name, { limit: PAGE, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const { order, setOrder } = useOrder();
  const { hasNextPage, isFetching, isError, fetchNextPage } = groups;
  // In another order than the server's all have to be known first.
  const incomplete = order !== "largest" && hasNextPage;
  useEffect(() => {
    if (incomplete && !isFetching && !isError) void fetchNextPage();
  }, [incomplete, isFetching, isError, fetchNextPage]);
  if (incomplete && !isError) return <Loader aria-label={t("loading")} />;
  return (
    <Answer query={groups}>
      {({ pages }) => (
        <Sorting
          key={`${collection.id} ${order}`}
          order={order}
          onOrder={setOrder}
          collection={collection}
          groups={pages.flatMap((page) => page.items)}
          waitingFaces={pages[0]?.waiting ?? 0}
          onMore={hasNextPage ? () => void fetchNextPage() : undefined}
        />
      )}
    </Answer>
  );
}

interface Props {
  collection: Collection;
  groups: Unnamed[];
  order: Order;
  onOrder: (order: Order) => void;
  /** Faces that were not compared with the others yet. */
  waitingFaces: number;
  /** Asks for the next page, if there is one. */
  onMore: (() => void) | undefined;
}

type Dialog = "assign" | "new" | "help";

function Sorting({ collection, groups: listed, order, onOrder, waitingFaces, onMore }: Props) {
  const t = useTexts();
  const groups = useOrdered(listed, order);
  const [begunWith] = useState(groups.length);
  const [dialog, setDialog] = useState<Dialog>();
  const faces = useRef<HTMLDivElement>(null);
  const changed = usePeopleChanged();
  const refresh = useCallback(() => void changed(), [changed]);
  const { waiting, add, undo } = useWaiting(refresh, showFailure);
  const taken = new Set(waiting.flatMap((one) => one.about));
  const left = groups.filter((one) => !taken.has(one.id));
  const choosing = useChoosing(left);
  const { current, chosen, chosenFaces } = choosing;
  const open = (wanted: Dialog) => () => {
    setDialog(wanted);
  };
  const { mayAssign, mayDecide, steps, actions } = useSorting({
    collection,
    choosing,
    add,
    onAssign: open("assign"),
    onNew: open("new"),
  });
  const { likeliest, notThem } = useDenying(collection.name, current, mayAssign);
  useInboxKeys(
    {
      ...actions,
      notThem: () => notThem?.(),
      next: () => void choosing.go(1),
      previous: () => void choosing.go(-1),
      chooseNext: () => {
        if (mayDecide) choosing.extend(1);
      },
      choosePrevious: () => {
        if (mayDecide) choosing.extend(-1);
      },
      choose: () => {
        if (current && mayDecide) choosing.toggle(current.id);
      },
      chooseNone: choosing.clear,
      faces: () => faces.current?.querySelector<HTMLElement>("[role=checkbox]")?.focus(),
      undo,
      help: open("help"),
    },
    dialog === undefined,
  );
  const close = () => {
    setDialog(undefined);
  };
  const assigned = (decision: Waiting) => {
    add(decision);
    choosing.clear();
  };
  return (
    <>
      <Heading title={t("inbox")}>
        <Text c="dimmed" role="status">
          {t("inboxCount", { groups: onMore ? `${countOf(left.length)}+` : left.length, waiting: waitingFaces })}
        </Text>
        <OrderChoice order={order} onChange={onOrder} />
        <Button variant="default" onClick={open("help")}>
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
              current={current.id}
              chosen={new Set(chosen.map((one) => one.id))}
              onLook={choosing.look}
              onChoose={mayDecide ? choosing.toggle : undefined}
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
              steps={steps}
              chosenFaces={chosenFaces}
              onChooseFaces={mayAssign ? choosing.chooseFaces : undefined}
              faces={faces}
            >
              {likeliest && (
                <Nearest collection={collection.name} subject={likeliest} onDeny={notThem} />
              )}
              {chosen.length > 0 && (
                <Alert mb="sm" p="xs" role="status">
                  {t("groupsChosen", { count: chosen.length, faces: sizeOf(chosen) })}
                </Alert>
              )}
            </GroupView>
          </Grid.Col>
        </Grid>
      ) : (
        <Text>
          <Told text={t(begunWith ? "inboxDone" : "inboxEmpty")} />
        </Text>
      )}
      {current && (dialog === "assign" || dialog === "new") && (
        <Assign
          collection={collection.name}
          groups={choosing.meant}
          asNew={dialog === "new"}
          onClose={close}
          onChosen={assigned}
        />
      )}
      {dialog === "help" && <KeyHelp mayDecide={mayDecide} onClose={close} />}
    </>
  );
}
