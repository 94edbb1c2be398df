/** In which order groups are gone through. */

import { SegmentedControl } from "@mantine/core";

import { useTexts } from "../../texts/language";
import type { Order } from "./ordering";

interface Props {
  order: Order;
  onChange: (order: Order) => void;
}

export function OrderChoice({ order, onChange }: Props) {
  const t = useTexts();
  return (
    <SegmentedControl
      aria-label={t("order")}
      size="xs"
      value={order}
      onChange={(wanted) => {
        onChange(wanted as Order);
      }}
      data={[
        { value: "largest", label: t("orderLargest") },
        { value: "likeliest", label: t("orderLikeliest") },
        { value: "newest", label: t("orderNewest") },
      ]}
    />
  );
}
