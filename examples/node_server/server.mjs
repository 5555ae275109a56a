// A server that reads digits: POST raw RGBA pixels to /?width=…&height=… and get JSON.
import { createServer } from 'node:http';
import { loadReader } from 'inkdigit/reader';

const mostBytes = 4 * 1024 * 1024; // 1024 × 1024 pixels

const reader = await loadReader({ threads: 1 });

/** A request's body; rejects if the client breaks off, or sends too much. */
async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    parts.push(part);
    size += part.length;
    if (size > mostBytes) throw Object.assign(new Error(`At most ${mostBytes} bytes, please.`), { code: 'input' });
  }
  return Buffer.concat(parts);
}

const server = createServer(async (request, response) => {
  try {
    const query = new URLSearchParams(request.url.split('?')[1]);
    const { digit, confidence, state } = reader.classify({
      data: new Uint8ClampedArray(await bodyOf(request)),
      width: Number(query.get('width')),
      height: Number(query.get('height')),
    });
    response.end(JSON.stringify({ digit, confidence, state }));
  } catch (error) {
    response.writeHead(error.code === 'input' ? 400 : 500, { connection: 'close' }).end(error.message);
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
