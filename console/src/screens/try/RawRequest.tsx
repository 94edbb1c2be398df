/** The request as a program sends it, and the answer as it came. */

import { Accordion, Code, CopyButton, Button, Tabs } from "@mantine/core";

import { SERVER } from "../../api/client";
import { useTexts } from "../../texts/language";

interface Props {
  path: string;
  /** Fields with files, and the files' names. */
  files: [string, string][];
  python: string;
  typescript: string;
  answer: unknown;
}

export function RawRequest({ path, files, python, typescript, answer }: Props) {
  const t = useTexts();
  const server = SERVER.href.replace(/\/$/, "");
  const forms = files.map(([field, name]) => `  --form ${field}=@${quoted(name)} \\\n`).join("");
  const texts: Record<string, string> = {
    curl: `curl --header "Authorization: Bearer $KEY" \\\n${forms}  ${server}${path}`,
    Python: `from facet_client import Client\n\nwith Client("${server}", key=KEY) as facet:\n    print(${python})`,
    TypeScript: `import { Client } from "facet-client";\n\nconst facet = new Client("${server}", { key });\nconsole.log(${typescript});`,
    JSON: JSON.stringify(answer, null, 2),
  };
  return (
    <Accordion variant="contained">
      <Accordion.Item value="request">
        <Accordion.Control>{t("asProgram")}</Accordion.Control>
        <Accordion.Panel>
          <Tabs defaultValue="curl">
            <Tabs.List>
              {Object.keys(texts).map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {name}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {Object.entries(texts).map(([name, text]) => (
              <Tabs.Panel key={name} value={name} pt="xs">
                <CopyButton value={text}>
                  {({ copied, copy }) => (
                    <Button size="compact-xs" variant="light" onClick={copy} mb="xs">
                      {copied ? t("copied") : t("copy")}
                    </Button>
                  )}
                </CopyButton>
                <Code block mah={400} tabIndex={0} style={{ overflow: "auto" }}>
                  {text}
                </Code>
              </Tabs.Panel>
            ))}
          </Tabs>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

/** A file's name as a shell reads it. */
function quoted(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
