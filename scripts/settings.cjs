/** Settings of the Node-RED that `npm start` runs: on this machine only, for its own pages, and without a word to the network. */

const http = require('node:http');
const { guardUpgrades, ownPagesOnly } = require('./local-only.cjs');

// Node-RED has no setting for the WebSocket of its editor, which carries statuses and debug messages.
const { createServer } = http;
http.createServer = (...args) => guardUpgrades(createServer(...args));

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.E3272_PORT),
  httpAdminMiddleware: ownPagesOnly,
  httpNodeMiddleware: ownPagesOnly,
  flowFile: process.env.E3272_FLOW_FILE,
  flowFilePretty: true,
  credentialSecret: process.env.E3272_CREDENTIAL_SECRET,
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: {
    page: { title: 'E3272 on Node-RED' },
    header: { title: 'E3272 on Node-RED' },
    tours: false,
    palette: { catalogues: [] },
  },
};
