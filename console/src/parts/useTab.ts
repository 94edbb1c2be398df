/** The tab that is looked at, kept in the address: whoever goes back finds it as it was. */

import { useNavigate, useSearch } from "@tanstack/react-router";

/** Of the tabs that are offered, the first where the address names none of them. */
export function useTab(offered: string[]): { value: string | null; onChange: (tab: string | null) => void } {
  const { tab } = useSearch({ strict: false });
  const navigate = useNavigate();
  const onChange = (wanted: string | null) =>
    void navigate({
      to: ".",
      search: (before) => ({ ...before, ...(wanted !== null && { tab: wanted }) }),
      replace: true,
      resetScroll: false,
    });
  return { value: offered.find((one) => one === tab) ?? offered[0] ?? null, onChange };
}
