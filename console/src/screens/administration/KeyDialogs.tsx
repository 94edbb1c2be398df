/** What can be done with a key that there is. */

import { Alert, Button, Modal, NumberInput, Stack, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Key } from "facet-client";
import { useState } from "react";

import { facet } from "../../api/client";
import { showFailure } from "../../api/failures";
import { Answer } from "../../parts/Answer";
import { useTexts } from "../../texts/language";
import { LIMITS } from "./limits";
import { Secret } from "./NewKey";

interface Props {
  apiKey: Key;
  onClose: () => void;
}

export function LimitKey({ apiKey, onClose }: Props) {
  const t = useTexts();
  const [limits, setLimits] = useState(apiKey.limits);
  const cache = useQueryClient();
  const limit = useMutation({
    mutationFn: () => facet.keys.limit(apiKey.id, limits),
    onError: showFailure,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["keys"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`${t("limits")}: ${apiKey.name}`}>
      <Stack>
        {LIMITS.map(([field, text]) => (
          <NumberInput
            key={field}
            label={t(text)}
            placeholder={t("noLimit")}
            value={limits[field] ?? ""}
            min={1}
            onChange={(value) => {
              setLimits({ ...limits, [field]: value === "" ? null : Number(value) });
            }}
          />
        ))}
        <Button
          loading={limit.isPending}
          onClick={() => {
            limit.mutate();
          }}
        >
          {t("save")}
        </Button>
      </Stack>
    </Modal>
  );
}

export function RotateKey({ apiKey, onClose }: Props) {
  const t = useTexts();
  const [hours, setHours] = useState<number | string>(24);
  const cache = useQueryClient();
  const rotate = useMutation({
    mutationFn: () => facet.keys.rotate(apiKey.id, { overlap_hours: Number(hours) }),
    onError: showFailure,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["keys"] }),
  });
  if (rotate.data) return <Secret secret={rotate.data.key} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={`${t("newSecret")}: ${apiKey.name}`}>
      <Stack>
        <NumberInput label={t("overlap")} value={hours} onChange={setHours} min={0} max={2160} />
        <Button
          loading={rotate.isPending}
          onClick={() => {
            rotate.mutate();
          }}
        >
          {t("newSecret")}
        </Button>
      </Stack>
    </Modal>
  );
}

export function RevokeKey({ apiKey, onClose }: Props) {
  const t = useTexts();
  const [force, setForce] = useState(false);
  const cache = useQueryClient();
  const plan = useQuery({
    queryKey: ["revocation", apiKey.id],
    queryFn: () => facet.keys.revoke(apiKey.id, { dry_run: true }),
    gcTime: 0,
  });
  const revoke = useMutation({
    mutationFn: () => facet.keys.revoke(apiKey.id, { force }),
    onError: showFailure,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["keys"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`${t("revoke")}: ${apiKey.name}`}>
      <Answer query={plan}>
        {({ last_admin: last }) => (
          <Stack>
            <Alert color="red">{t("revokeHint")}</Alert>
            {last && (
              <Switch
                label={t("revokeLast")}
                checked={force}
                onChange={(event) => {
                  setForce(event.currentTarget.checked);
                }}
              />
            )}
            <Button
              color="red"
              disabled={last && !force}
              loading={revoke.isPending}
              onClick={() => {
                revoke.mutate();
              }}
            >
              {t("revoke")}
            </Button>
          </Stack>
        )}
      </Answer>
    </Modal>
  );
}
