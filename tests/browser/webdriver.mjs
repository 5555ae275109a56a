/** Safari's engine, WebKitGTK, driven by plain WebDriver requests. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { which } from '../../scripts/shell.mjs';

const driver = which('WebKitWebDriver');
const libraries = '/usr/lib';

/** WebKitGTK's small browser, in a folder that its version and the machine's architecture name. */
const miniBrowser = () =>
  readdirSync(libraries)
    .flatMap((name) => ['4.1', '6.0', '4.0'].map((version) => `${libraries}/${name}/webkit2gtk-${version}/MiniBrowser`))
    .find(existsSync);

export const hasWebKit = () => [driver, which('Xvfb'), miniBrowser()].every((path) => path !== undefined);

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** The number of a screen that nobody has. */
async function startScreen() {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(screen.stdio[3], 'data');
  return { screen, display: `:${String(number).trim()}` };
}

/** → { goto(url), evaluate(run, argument), drag(points), close() }, as Playwright's pages have them. */
export async function launchWebKit() {
  const { screen, display } = await startScreen();
  const port = await freePort();
  const process = spawn(driver, [`--port=${port}`], {
    env: { ...globalThis.process.env, DISPLAY: display, WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
    stdio: 'ignore',
  });
  const end = () => {
    process.kill();
    screen.kill();
  };
  const send = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value?.message || value?.error || response.status}`);
    return value;
  };
  try {
    for (const limit = Date.now() + 20_000; ;) {
      const isUp = await fetch(`http://127.0.0.1:${port}/status`).then(
        () => true,
        () => false,
      );
      if (isUp) break;
      if (Date.now() > limit) throw new Error('WebKitWebDriver did not start');
      await new Promise((done) => setTimeout(done, 100));
    }
    const { sessionId } = await send('POST', '/session', {
      capabilities: {
        alwaysMatch: { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } },
      },
    });
    const session = `/session/${sessionId}`;
    await send('POST', `${session}/timeouts`, { script: 60_000 });
    return {
      goto: (url) => send('POST', `${session}/url`, { url }),
      async evaluate(run, argument) {
        const script = `const [argument, done] = arguments;
          Promise.resolve().then(() => (${run})(argument)).then((result) => done({ result }), (error) => done({ error: String(error) }));`;
        const { result, error } = await send('POST', `${session}/execute/async`, { script, args: [argument ?? null] });
        if (error) throw new Error(error);
        return result;
      },
      drag: (points) =>
        send('POST', `${session}/actions`, {
          actions: [
            {
              type: 'pointer',
              id: 'mouse',
              parameters: { pointerType: 'mouse' },
              actions: points.flatMap(([x, y], i) => [
                { type: 'pointerMove', duration: 0, x: Math.round(x), y: Math.round(y) },
                ...(i === 0 ? [{ type: 'pointerDown', button: 0 }] : []),
                ...(i === points.length - 1 ? [{ type: 'pointerUp', button: 0 }] : []),
              ]),
            },
          ],
        }),
      async close() {
        await send('DELETE', session).catch(() => {});
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }
}
