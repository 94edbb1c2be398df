/** A picture in the manner of another. */

import { Alert, Button, Group, Image, Select, SimpleGrid, Slider, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";

import { facet } from "../../api/client";
import { toldOf } from "../../api/failures";
import { PictureDrop } from "../../parts/PictureDrop";
import { useAddress } from "../../parts/useAddress";
import { useTexts } from "../../texts/language";
import { countOf } from "../../texts/numbers";
import { JobCard } from "./Jobs";

const SIZES = { least: 128, most: 1024, usual: 384, step: 64 };
const STEPS = { least: 20, most: 300, usual: 120, step: 20 };

export function StyleTransfer() {
  const t = useTexts();
  const [content, setContent] = useState<File>();
  const [style, setStyle] = useState<File>();
  const [stored, setStored] = useState<string | null>(null);
  const [size, setSize] = useState(SIZES.usual);
  const [steps, setSteps] = useState(STEPS.usual);
  const [keepColour, setKeepColour] = useState(false);
  const [keepFaces, setKeepFaces] = useState(false);
  const styles = useQuery({ queryKey: ["styles"], queryFn: () => facet.styles.list().all() });
  const order = useMutation({
    mutationFn: (picture: File) =>
      facet.styles.transfer({
        content: picture,
        ...(stored ? { style_name: stored } : style && { style }),
        size,
        steps,
        preserve_colour: keepColour,
        keep_faces: keepFaces,
        format: "jpeg",
      }),
  });
  const chooseContent = useCallback(([file]: File[]) => {
    setContent(file);
  }, []);
  const chooseStyle = useCallback(([file]: File[]) => {
    setStored(null);
    setStyle(file);
  }, []);
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Side label={t("contentPicture")} file={content} onPictures={chooseContent} />
        <Side label={t("stylePicture")} file={style} onPictures={chooseStyle} />
      </SimpleGrid>
      {styles.data && styles.data.length > 0 && (
        <Select
          label={t("storedStyle")}
          data={styles.data.map((one) => one.name)}
          value={stored}
          onChange={setStored}
          clearable
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Range name={t("sizeOfPicture")} bounds={SIZES} value={size} onChange={setSize} />
        <Range name={t("steps")} bounds={STEPS} value={steps} onChange={setSteps} />
      </SimpleGrid>
      <Group>
        <Switch
          label={t("keepColour")}
          checked={keepColour}
          onChange={(event) => {
            setKeepColour(event.currentTarget.checked);
          }}
        />
        <Switch
          label={t("keepFaces")}
          checked={keepFaces}
          onChange={(event) => {
            setKeepFaces(event.currentTarget.checked);
          }}
        />
        <Button
          disabled={!content || !(style ?? stored)}
          loading={order.isPending}
          onClick={() => {
            if (content) order.mutate(content);
          }}
        >
          {t("paint")}
        </Button>
      </Group>
      {order.error && (
        <Alert color="red" role="alert" title={toldOf(order.error).title}>
          {toldOf(order.error).message}
        </Alert>
      )}
      {order.data && <JobCard key={order.data.id} job={order.data} />}
    </Stack>
  );
}

interface SideProps {
  label: string;
  file: File | undefined;
  onPictures: (files: File[]) => void;
}

function Side({ label, file, onPictures }: SideProps) {
  const address = useAddress(file);
  return (
    <Stack>
      <PictureDrop onPictures={onPictures} label={label} paste={false} />
      {address && <Image src={address} alt={label} mah={240} w="auto" fit="contain" />}
    </Stack>
  );
}

interface RangeProps {
  name: string;
  bounds: { least: number; most: number; step: number };
  value: number;
  onChange: (value: number) => void;
}

function Range({ name, bounds, value, onChange }: RangeProps) {
  return (
    <div>
      <Text size="sm">
        {name}: {countOf(value)}
      </Text>
      <Slider
        min={bounds.least}
        max={bounds.most}
        step={bounds.step}
        value={value}
        onChange={onChange}
        thumbLabel={name}
        label={null}
      />
    </div>
  );
}
