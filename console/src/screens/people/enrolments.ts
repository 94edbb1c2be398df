/** What became of pictures that were to be enrolled. */

import { notifications } from "@mantine/notifications";
import type { Enrolment } from "facet-client";

import type { useTexts } from "../../texts/language";

/** Tell how many were taken, why others were not, and who looks alike. */
export function tellEnrolment(enrolment: Enrolment, t: ReturnType<typeof useTexts>): void {
  notifications.show({
    message: t("enrolled", {
      count: enrolment.enrolled,
      before: enrolment.already_enrolled ?? 0,
      refused: enrolment.rejected,
    }),
  });
  for (const { error, duplicates } of enrolment.results) {
    if (error) notifications.show({ color: "orange", title: error.detail, message: error.hint });
    for (const other of duplicates ?? []) {
      notifications.show({ color: "yellow", message: t("looksLike", { name: other.name }) });
    }
  }
}
