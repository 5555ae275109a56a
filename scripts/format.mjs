/** Formats C++ by clang-format (.clang-format) and the rest by prettier (npm run format). */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { main, projectFolder, run } from './shell.mjs';

const cppFiles = ['src', 'tests'].flatMap((folder) =>
  readdirSync(join(projectFolder, folder), { recursive: true })
    .filter((name) => /\.(c|cpp|h)$/.test(name))
    .map((name) => join(folder, name)),
);

await main(async () => {
  const advice = 'The tools are missing? Run: npm run setup';
  await run('clang-format-19', ['-i', ...cppFiles], { advice });
  await run(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn', '.'], {
    advice,
  });
});
