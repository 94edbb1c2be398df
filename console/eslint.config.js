import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["node_modules"] },
  js.configs.recommended,
  ...typescript.configs.strict,
  hooks.configs.flat.recommended,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      "max-lines": ["error", 299],
      "max-lines-per-function": ["error", 120],
      "no-console": "error",
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
);
