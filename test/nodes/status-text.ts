const NAMESPACE = '@e3272/node-red/e3272:';

/** Tests name the words of the one catalogue by their keys alone. */
export const withoutNamespace = ({ text, ...status }: object & { text?: string }): object => ({
  ...status,
  ...(text !== undefined && { text: text.startsWith(NAMESPACE) ? text.slice(NAMESPACE.length) : text }),
});
