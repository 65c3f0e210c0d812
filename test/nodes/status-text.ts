const NAMESPACE = '@e3272/node-red/e3272:';

/** Tests name the words of the one catalogue by their keys alone. */
export const withoutNamespace = ({ text, ...status }: { text?: string }): Record<string, unknown> => ({
  ...status,
  ...(text !== undefined && { text: text.startsWith(NAMESPACE) ? text.slice(NAMESPACE.length) : text }),
});
