import {deepStrictEqual, match, strictEqual} from 'node:assert';
import {type Answer, JupyterClient} from '../kernels/support/jupyterClient';

const result = ({published}: Answer): unknown =>
  (published.find(({header}) => header.msg_type === 'execute_result')?.content.data as Record<string, unknown>
    | undefined)?.['text/plain'];

describe('input', function () {
  this.timeout(60_000);
  let kernel: JupyterClient;

  before(async () => {
    kernel = await JupyterClient.start();
  });
  after(() => kernel.close());

  it('asked for twice at once is answered in turn', async () => {
    const prompts: string[] = [];
    kernel.onInput = (prompt) => `answer ${prompts.push(prompt)} to ${prompt}`;
    strictEqual(
      result(await kernel.execute('await Promise.all([input("a"), input("b"), input("c", {password: true})])')),
      "[ 'answer 1 to a', 'answer 2 to b', 'answer 3 to c' ]",
    );
    deepStrictEqual(prompts, ['a', 'b', 'c']);
  });

  it('is asked for by readline, and by reading the standard input', async () => {
    const lines = ['Ada', '36', 'first', 'second'];
    kernel.onInput = () => lines.shift() ?? 'too many';
    const questions = `import readline from 'node:readline/promises';
const rl = readline.createInterface({input: process.stdin, output: process.stdout});
const found = [await rl.question('name? '), await rl.question('age? ')];
rl.close();
found`;
    strictEqual(result(await kernel.execute(questions)), "[ 'Ada', '36' ]");
    strictEqual(result(await kernel.execute("for await (const line of process.stdin) { "
      + "found.push(String(line).trim()); if (found.length === 4) break; }\nfound.slice(2)")), "[ 'first', 'second' ]");
  });

  it('that nobody can give is an error, whichever way it is asked for', async () => {
    for (const code of [
      'await input("x")',
      "import {createInterface} from 'node:readline/promises';\nawait createInterface({input: process.stdin}).question('x');",
      'for await (const line of process.stdin) console.log(line);',
    ]) {
      const {reply} = await kernel.execute(code, {allow_stdin: false});
      match(String(reply.content.evalue), /this front end cannot ask/, code);
    }
    strictEqual(result(await kernel.execute('1 + 1')), '2');
  });
});
