/** Dates in a text: what was read, where it stands, and what the network looked at. */

import { Alert, Badge, Button, Group, Mark, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { DateAnswer } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { useTexts } from "../../texts/language";
import { decimalOf } from "../../texts/numbers";
import { AttentionPicture } from "./AttentionPicture";

interface Asked {
  text: string;
  locale: string;
}

export function Dates() {
  const t = useTexts();
  const [asked, setAsked] = useState<Asked>({ text: "", locale: "" });
  const read = useMutation({
    mutationFn: ({ text, locale }: Asked) =>
      facet.sequences.readDate({ text, locale: locale.trim() || null }),
  });
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          read.mutate(asked);
        }}
      >
        <Group align="end">
          <TextInput
            label={t("textWithDate")}
            placeholder="né le 14 juillet 1989"
            maxLength={1000}
            flex={1}
            miw={200}
            value={asked.text}
            onChange={(event) => {
              setAsked({ ...asked, text: event.currentTarget.value });
            }}
          />
          <TextInput
            label={t("locale")}
            placeholder="fr"
            w={90}
            value={asked.locale}
            onChange={(event) => {
              setAsked({ ...asked, locale: event.currentTarget.value });
            }}
          />
          <Button type="submit" loading={read.isPending} disabled={!asked.text.trim()}>
            {t("readDates")}
          </Button>
        </Group>
      </form>
      {read.error && (
        <Alert color="red" role="alert" title={toldOf(read.error).title}>
          {toldOf(read.error).message}
        </Alert>
      )}
      {read.data && <Found answer={read.data} text={read.variables.text} />}
    </Stack>
  );
}

function Found({ answer, text }: { answer: DateAnswer; text: string }) {
  const t = useTexts();
  const seen = answer.attention.rows.length > 0;
  return (
    <Stack role="status">
      <Text style={{ overflowWrap: "anywhere" }}>
        {pieces(text, answer).map(({ part, dated }, place) =>
          dated ? <Mark key={place}>{part}</Mark> : <span key={place}>{part}</span>,
        )}
      </Text>
      {answer.dates.map((one) => (
        <Group key={one.start} gap="xs">
          <Text fw={700}>{one.date}</Text>
          <Badge variant="light">{one.calendar}</Badge>
          <Badge variant="light" color={one.other_readings.length ? "orange" : "teal"}>
            {t("probable", { share: decimalOf(one.probability * 100, 1) })}
          </Badge>
          {one.other_readings.length > 0 && (
            <Text size="sm">{t("orRead", { dates: one.other_readings.join(", ") })}</Text>
          )}
        </Group>
      ))}
      {seen ? (
        <AttentionPicture attention={answer.attention} />
      ) : (
        <Text size="sm">{t("readByRules")}</Text>
      )}
    </Stack>
  );
}

/** The text as it was sent, cut where dates begin and end; places count code points. */
function pieces(text: string, answer: DateAnswer): { part: string; dated: boolean }[] {
  const points = [...text];
  const cut: { part: string; dated: boolean }[] = [];
  let at = 0;
  for (const { start, end } of answer.dates) {
    cut.push({ part: points.slice(at, start).join(""), dated: false });
    cut.push({ part: points.slice(start, end).join(""), dated: true });
    at = end;
  }
  return [...cut, { part: points.slice(at).join(""), dated: false }];
}
