// proxy-chain over one upstream proxy: node chain.js PORT UPSTREAM_PORT
const { Server } = require('proxy-chain');

const [port, upstream] = process.argv.slice(2).map(Number);
new Server({
  host: '127.0.0.1',
  port,
  prepareRequestFunction: () => ({ upstreamProxyUrl: `http://127.0.0.1:${upstream}` }),
}).listen();
