/** Trying recognition out: a picture, a recording or the camera against a collection; two pictures; a text with dates. */

import { Tabs, Text } from "@mantine/core";

import { useCollection, useCollections } from "../../api/collections";
import { useMay } from "../../api/session";
import { Answer } from "../../parts/Answer";
import { Heading } from "../../parts/Heading";
import { useTab } from "../../parts/useTab";
import { useTexts } from "../../texts/language";
import { ByCamera } from "./ByCamera";
import { Compare } from "./Compare";
import { Dates } from "./Dates";
import { InPicture } from "./InPicture";
import { InRecording } from "./InRecording";

export function Try() {
  const t = useTexts();
  const may = useMay();
  const collections = useCollections();
  return (
    <>
      <Heading title={t("try")} />
      {may("recognize") && may("browse") ? (
        <Answer query={collections}>{() => <Ways />}</Answer>
      ) : (
        <Ways />
      )}
    </>
  );
}

function Ways() {
  const t = useTexts();
  const may = useMay();
  const collection = useCollection();
  const searches = may("recognize") && collection !== undefined;
  const tab = useTab([
    ...(searches ? ["picture", "camera", "recording"] : []),
    ...(may("verify") ? ["compare"] : []),
    ...(may("detect") ? ["dates"] : []),
  ]);
  return (
    <>
      {may("recognize") && !collection && <Text mb="md">{t("noCollection")}</Text>}
      <Tabs {...tab} keepMounted={false}>
        <Tabs.List mb="md">
          {searches && <Tabs.Tab value="picture">{t("picture")}</Tabs.Tab>}
          {searches && <Tabs.Tab value="camera">{t("camera")}</Tabs.Tab>}
          {searches && <Tabs.Tab value="recording">{t("recording")}</Tabs.Tab>}
          {may("verify") && <Tabs.Tab value="compare">{t("twoPictures")}</Tabs.Tab>}
          {may("detect") && <Tabs.Tab value="dates">{t("datesInText")}</Tabs.Tab>}
        </Tabs.List>
        {searches && (
          <>
            <Tabs.Panel value="picture">
              <InPicture key={collection.name} collection={collection} />
            </Tabs.Panel>
            <Tabs.Panel value="camera">
              <ByCamera collection={collection} />
            </Tabs.Panel>
            <Tabs.Panel value="recording">
              <InRecording key={collection.name} collection={collection} />
            </Tabs.Panel>
          </>
        )}
        <Tabs.Panel value="compare">
          <Compare />
        </Tabs.Panel>
        <Tabs.Panel value="dates">
          <Dates />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
