/**
 * Beside this file lies the one catalogue of words that all nodes share, `@e3272/node-red/e3272:` in front of a key. Node-RED
 * loads plugins before nodes, and a catalogue only with a file that it belongs to.
 */
function init(): void {}

export = init;
