/** A moment in the reader's own zone. */

import { Text } from "@mantine/core";
import { useContext } from "react";

import { localeOf, SpeakingContext } from "../texts/language";

export function Moment({ at }: { at: string | null | undefined }) {
  const { language } = useContext(SpeakingContext);
  if (!at) return <Text span>–</Text>;
  const moment = new Date(at);
  const shown = moment.toLocaleString(localeOf(language), { dateStyle: "medium", timeStyle: "short" });
  return (
    <time dateTime={at} title={moment.toISOString()} style={{ whiteSpace: "nowrap" }}>
      {shown}
    </time>
  );
}
