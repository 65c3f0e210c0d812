/** Settings of the Node-RED that `npm start` runs: on this machine only, and without a word to the network. */

module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.E3272_PORT),
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
