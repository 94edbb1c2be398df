/** What is probably so, the likeliest first: accepted or refused by one key each. */

import { Alert, Button, Grid, Group, Kbd, Stack, Text, UnstyledButton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { SyncIcon } from "@primer/octicons-react";
import type { Collection, Suggestion } from "facet-client";
import { useState } from "react";

import { showFailure } from "../../api/failures";
import { usePeopleChanged } from "../../api/people";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { InCollection } from "../../parts/InCollection";
import { Pending } from "../../parts/Pending";
import { useWaiting } from "../../parts/waiting";
import { useTexts } from "../../texts/language";
import { JobCard } from "../jobs/Jobs";
import { isSettled } from "../jobs/following";
import { useAnswers, useSentence } from "./answers";
import { useFinding, useSuggestions } from "./suggestions";
import { percent, SuggestionView } from "./SuggestionView";

export function Review() {
  return (
    <InCollection>
      {(collection) => <OfCollection key={collection.id} collection={collection} />}
    </InCollection>
  );
}

function OfCollection({ collection }: { collection: Collection }) {
  const t = useTexts();
  const may = useMay();
  const suggestions = useSuggestions(collection.name);
  const { job, order } = useFinding(collection);
  return (
    <>
      <Heading title={t("review")}>
        {may("enroll") && may("browse") && (
          <Button
            variant="default"
            leftSection={<SyncIcon size={16} aria-hidden />}
            loading={order.isPending}
            onClick={() => {
              order.mutate();
            }}
          >
            {t("findNow")}
          </Button>
        )}
      </Heading>
      {job && !isSettled(job) && <JobCard job={job} />}
      <Answer query={suggestions}>
        {({ pages }) => (
          <Queue
            collection={collection.name}
            found={pages.flatMap((page) => page.items)}
            onMore={suggestions.hasNextPage ? () => void suggestions.fetchNextPage() : undefined}
          />
        )}
      </Answer>
    </>
  );
}

interface Props {
  collection: string;
  found: Suggestion[];
  onMore: (() => void) | undefined;
}

function Queue({ collection, found, onMore }: Props) {
  const t = useTexts();
  const changed = usePeopleChanged();
  const [place, setPlace] = useState(0);
  const [name, setName] = useState("");
  const { waiting, add, undo } = useWaiting(() => void changed(), showFailure);
  const answers = useAnswers(collection, add);
  const taken = new Set(waiting.flatMap((one) => one.about));
  const left = found.filter((one) => !taken.has(one.id));
  const at = Math.max(0, Math.min(place, left.length - 1));
  const current = left[at];
  const go = (to: number) => {
    setPlace(Math.max(0, Math.min(to, left.length - 1)));
    setName("");
  };
  const act = (call: ((one: Suggestion, name: string) => void) | undefined) =>
    call &&
    (() => {
      if (current) call(current, name.trim());
      setName("");
    });
  const accept = act(answers.accept);
  const refuse = act(answers.refuse);
  useHotkeys([
    ["Y", () => accept?.()],
    ["N", () => refuse?.()],
    ["J", () => { go(at + 1); }],
    ["K", () => { go(at - 1); }],
    ["Z", undo],
  ]);
  return (
    <>
      {waiting.length > 0 && <Pending waiting={waiting} onUndo={undo} />}
      {current ? (
        <Grid>
          <Grid.Col span={{ base: 12, md: 4 }} order={{ base: 2, md: 1 }}>
            <Likeliest left={left} current={current.id} onLook={go} />
            {onMore && (
              <Button mt="xs" variant="default" onClick={onMore}>
                {t("more")}
              </Button>
            )}
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 8 }} order={{ base: 1, md: 2 }}>
            <SuggestionView
              key={current.id}
              collection={collection}
              one={current}
              name={name}
              onName={setName}
              accept={accept}
              refuse={refuse}
            />
            <Text size="sm" mt="xs" c="dimmed">
              <Kbd>J</Kbd> <Kbd>K</Kbd> {t("reviewKeys")}
            </Text>
          </Grid.Col>
        </Grid>
      ) : (
        <Alert>{waiting.length ? t("reviewDone") : t("reviewEmpty")}</Alert>
      )}
    </>
  );
}

interface ListProps {
  left: Suggestion[];
  current: string;
  onLook: (place: number) => void;
}

function Likeliest({ left, current, onLook }: ListProps) {
  const t = useTexts();
  const sentence = useSentence();
  return (
    <Stack gap={4} mah="70vh" style={{ overflowY: "auto" }} tabIndex={0} role="list" aria-label={t("suggestions")}>
      {left.map((one, place) => (
        <div key={one.id} role="listitem">
          <UnstyledButton
            w="100%"
            p="xs"
            bg={one.id === current ? "var(--mantine-primary-color-light)" : "transparent"}
            aria-current={one.id === current}
            style={{ borderRadius: "var(--mantine-radius-default)" }}
            onClick={() => {
              onLook(place);
            }}
          >
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                {sentence(one)}
              </Text>
              <Text size="sm" c={one.id === current ? "inherit" : "dimmed"}>
                {percent(one.likelihood)}&nbsp;%
              </Text>
            </Group>
          </UnstyledButton>
        </div>
      ))}
    </Stack>
  );
}
