// The W3C's checker of HTML and CSS.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const VNU = fileURLToPath(new URL('./node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url));

type Message = { type: string; subType?: string; message: string; url?: string; extract?: string; lastLine?: number };

/** What it finds in a folder of pages, or in a style sheet. */
export async function checked(...args: string[]): Promise<string[]> {
  const options = { maxBuffer: 1 << 28 };
  // It ends with 1 where it has something to say; what it says is on standard error unless told otherwise.
  const run = promisify(execFile)('java', ['-Xss4m', '-jar', VNU, '--stdout', '--format', 'json', '--exit-zero-always', ...args], options);
  const { messages } = JSON.parse((await run).stdout) as { messages: Message[] };
  return messages.map(({ type, subType, message, url, extract }) => `${subType ?? type} in ${url?.split('/').at(-1)}: ${message} ⟨${extract?.trim() ?? ''}⟩`);
}
