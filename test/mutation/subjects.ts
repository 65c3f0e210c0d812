/** What is changed, and the tests that should notice: compiled files below `src/`, and how the names of test files begin. */
export const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  'firmware/loader': ['firmware/loader', 'firmware/danger', 'flash/loaders'],
  'firmware/erase': ['firmware/erase', 'firmware/danger', 'firmware/arm', 'firmware/loader'],
  'firmware/partitions': ['firmware/', 'flash/checks'],
  'firmware/partition-table': ['firmware/'],
  'firmware/policy': ['firmware/firmware', 'firmware/check', 'flash/checks'],
  'flash/checks': ['flash/checks', 'flash/convert', 'flash/write'],
  'flash/journal': ['flash/journal', 'flash/records', 'flash/write', 'flash/killed'],
  'flash/model': ['flash/model', 'flash/ways'],
  'at/guard': ['at/guard', 'at/allow'],
};
