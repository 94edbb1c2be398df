/** An address for a file that is in the browser alone, for as long as it is shown. */

import { useEffect, useMemo } from "react";

export function useAddress(file: Blob | undefined): string | undefined {
  const address = useMemo(() => file && URL.createObjectURL(file), [file]);
  useEffect(
    () => () => {
      if (address) URL.revokeObjectURL(address);
    },
    [address],
  );
  return address;
}
