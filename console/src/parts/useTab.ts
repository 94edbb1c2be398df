/** The tab that is looked at, kept in the address: whoever goes back finds it as it was. */

import { useNavigate, useSearch } from "@tanstack/react-router";

export function useTab(first: string): { value: string; onChange: (tab: string | null) => void } {
  const { tab } = useSearch({ strict: false });
  const navigate = useNavigate();
  const onChange = (wanted: string | null) =>
    void navigate({
      to: ".",
      search: (before) => ({ ...before, tab: wanted ?? first }),
      replace: true,
      resetScroll: false,
    });
  return { value: tab ?? first, onChange };
}
