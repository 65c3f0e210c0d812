/** Whether this runs as an add-on of Home Assistant: its supervisor gives each of them a token. */
export const isAddon = (env: NodeJS.ProcessEnv): boolean => env['SUPERVISOR_TOKEN'] !== undefined;
