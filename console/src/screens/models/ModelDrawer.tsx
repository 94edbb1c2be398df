/** One model's card: what it is, its licence, what it was learned from, what was measured. */

import { Alert, Anchor, Code, Drawer, Stack, Text } from "@mantine/core";

import { Answer } from "../../parts/Answer";
import { useTexts } from "../../texts/language";
import { useModel } from "../try/StrangerCurve";
import { bytesOf } from "./bytes";

export function ModelDrawer({ model, onClose }: { model: string; onClose: () => void }) {
  const t = useTexts();
  const card = useModel(model, true);
  return (
    <Drawer opened onClose={onClose} position="right" size="xl" title={model}>
      <Answer query={card}>
        {(found) => (
          <Stack>
            <Text>{found.description}</Text>
            <Part title={t("limitsOfModel")} text={found.limits} />
            <Part title={t("trainingData")} text={found.training_data} />
            {found.provenance_doubt && (
              <Alert color="orange" title={t("doubtOfData")}>
                {found.provenance_doubt}
              </Alert>
            )}
            <div>
              <Text fw={600}>{t("licence")}</Text>
              <Text size="sm">{found.licence}</Text>
              <LicenceLink address={found.licence_url} />
            </div>
            <Part title={t("size")} text={bytesOf(found.bytes) ?? t("sizeUnknown")} />
            {Object.keys(found.metrics).length > 0 && (
              <div>
                <Text fw={600}>{t("figures")}</Text>
                <Code block tabIndex={0}>
                  {JSON.stringify(found.metrics, null, 2)}
                </Code>
              </div>
            )}
          </Stack>
        )}
      </Answer>
    </Drawer>
  );
}

/** A link to where the licence stands, if that is an address of the web. */
export function LicenceLink({ address }: { address: string }) {
  const t = useTexts();
  if (!/^https?:\/\//.test(address)) return <Text size="sm">{address}</Text>;
  return (
    <Anchor
      href={address}
      target="_blank"
      rel="noreferrer noopener"
      size="sm"
      aria-label={t("licenceText")}
      style={{ overflowWrap: "anywhere" }}
    >
      {address}
    </Anchor>
  );
}

function Part({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Text fw={600}>{title}</Text>
      <Text size="sm">{text}</Text>
    </div>
  );
}
