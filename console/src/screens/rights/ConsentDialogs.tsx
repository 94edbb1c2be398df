/** Recording on which basis somebody is kept, and ending that. */

import { Alert, Button, Modal, Select, Stack, TextInput } from "@mantine/core";
import type { Consent } from "facet-client";
import { useState } from "react";

import { useTexts } from "../../texts/language";
import { beginningOf, useChangeRights } from "./rights";

const BASES: Consent["basis"][] = [
  "consent",
  "contract",
  "legal-obligation",
  "vital-interests",
  "public-task",
  "legitimate-interests",
];

interface Props {
  collection: string;
  subject: string;
  onClose: () => void;
}

export function RecordConsent({ collection, subject, onClose }: Props) {
  const t = useTexts();
  const change = useChangeRights(collection, subject);
  const [basis, setBasis] = useState<Consent["basis"]>("consent");
  const [reference, setReference] = useState("");
  const [given, setGiven] = useState("");
  const [expires, setExpires] = useState("");
  return (
    <Modal opened onClose={onClose} title={t("recordConsent")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const consent = {
            basis,
            reference: reference.trim(),
            ...(given && { given_at: beginningOf(given) }),
            ...(expires && { expires_at: beginningOf(expires) }),
          };
          change.mutate({ consent }, { onSuccess: onClose });
        }}
      >
        <Stack>
          <Select
            label={t("basis")}
            data={BASES.map((value) => ({ value, label: t(`basis-${value}`) }))}
            value={basis}
            allowDeselect={false}
            onChange={(wanted) => {
              setBasis(wanted as Consent["basis"]);
            }}
          />
          <TextInput
            label={t("reference")}
            description={t("referenceHint")}
            value={reference}
            required
            maxLength={200}
            data-autofocus
            onChange={(event) => {
              setReference(event.currentTarget.value);
            }}
          />
          <TextInput
            type="date"
            label={t("given")}
            description={t("givenHint")}
            value={given}
            onChange={(event) => {
              setGiven(event.currentTarget.value);
            }}
          />
          <TextInput
            type="date"
            label={t("expires")}
            description={t("daysHint")}
            value={expires}
            onChange={(event) => {
              setExpires(event.currentTarget.value);
            }}
          />
          <Button type="submit" loading={change.isPending} disabled={!reference.trim()}>
            {t("save")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

export function WithdrawConsent({ collection, subject, onClose }: Props) {
  const t = useTexts();
  const change = useChangeRights(collection, subject);
  return (
    <Modal opened onClose={onClose} title={t("withdrawConsent")}>
      <Stack>
        <Alert color="red">{t("withdrawHint")}</Alert>
        <Button
          color="red"
          loading={change.isPending}
          onClick={() => {
            change.mutate({ consent: null }, { onSuccess: onClose });
          }}
        >
          {t("withdrawConsent")}
        </Button>
      </Stack>
    </Modal>
  );
}
