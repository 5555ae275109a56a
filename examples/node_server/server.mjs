// A server that reads digits: POST raw RGBA pixels to /?width=…&height=… and get JSON.
import { createServer } from 'node:http';
import { loadReader } from 'inkdigit/reader';

const reader = await loadReader({ threads: 1 });

const server = createServer(async (request, response) => {
  const { searchParams } = new URL(request.url, 'http://localhost');
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    const { digit, confidence, state } = reader.classify({
      data: new Uint8ClampedArray(Buffer.concat(parts)),
      width: Number(searchParams.get('width')),
      height: Number(searchParams.get('height')),
    });
    response.end(JSON.stringify({ digit, confidence, state }));
  } catch (error) {
    response.writeHead(error.code === 'input' ? 400 : 500).end(error.message);
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
