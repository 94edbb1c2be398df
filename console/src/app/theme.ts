/** The looks of the console. */

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const teal: MantineColorsTuple = [
  "#e2f7f3", "#c9ebe4", "#9bd6ca", "#69c0ae", "#42ae98", "#28a28a",
  "#128a74", "#0b7561", "#046654", "#005545",
];

const orange: MantineColorsTuple = [
  "#fff1e6", "#ffe0cc", "#ffc099", "#ff9c61", "#fb7f36", "#f06418",
  "#dd5410", "#c2410c", "#a3360a", "#7c2a08",
];

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 8 },
  colors: { teal, orange },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  components: {
    Badge: { defaultProps: { tt: "none" } },
    Modal: { defaultProps: { centered: true } },
    Table: { defaultProps: { verticalSpacing: "xs", highlightOnHover: true } },
  },
});

/** Dimmed text that is read as easily as accessibility asks for. */
export const variables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: { "--mantine-color-dimmed": colors.gray[7] },
  dark: { "--mantine-color-dimmed": colors.dark[1] },
});

/** Given by the server with the page: styles of the page itself are marked by it. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[name=style-nonce]")?.content ?? "";
}
